-- XLT568: the data end outside the period of the round that the cover names: the year, or the kind of report, is mostly that
-- of an older workbook.
SELECT
    cover._file, 'cover' AS sheet, cover._row, 'cut_off_date' AS "column",
    cover.cut_off_date AS cut_off, workbook.data_from AS first_day, workbook.last_day AS last_day
FROM cover
JOIN workbook ON workbook._file = cover._file
WHERE cover.cut_off_date NOT BETWEEN workbook.data_from AND workbook.last_day
