-- XLT515: every enterprise of the return, three at least, lies in another province than the one on the cover: the cover is
-- wrong, or the rows are somebody else's. Named is the province of most of them.
-- labels: unit = units, province = units
-- among: other_province
WITH counted AS (
    SELECT _file, unit, sum(rows)::BIGINT AS rows, arg_max(province, (rows, -first_row)) AS province
    FROM other_province
    WHERE is_all
    GROUP BY _file, unit
)
SELECT
    counted._file, 'cover' AS sheet, cover._row, 'unit_code' AS "column", counted.unit, counted.province, counted.rows
FROM counted
JOIN cover ON cover._file = counted._file
WHERE cover.unit_code IS NOT NULL
