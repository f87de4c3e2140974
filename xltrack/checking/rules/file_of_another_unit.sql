-- XLT515: every enterprise of the return, three at least, lies in another province than the one on the cover: the cover is
-- wrong, or the rows are somebody else's.
-- labels: unit = units, province = units
WITH counted AS (
    SELECT _file, unit, count(*) AS rows, mode(province) AS province
    FROM placed_enterprise
    WHERE is_whole
    GROUP BY _file, unit
    HAVING bool_and(is_elsewhere) AND count(*) >= 3
)
SELECT
    counted._file, 'cover' AS sheet, cover._row, 'unit_code' AS "column", counted.unit, counted.province, counted.rows
FROM counted
JOIN cover ON cover._file = counted._file
WHERE cover.unit_code IS NOT NULL
