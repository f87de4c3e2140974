-- XLT574: the number of a part is greater than how many parts the return has.
SELECT
    cover._file, 'cover' AS sheet, cover._row, 'part_no' AS "column",
    cover.part_no AS part, cover.part_count AS parts
FROM cover
WHERE cover.part_no > cover.part_count
