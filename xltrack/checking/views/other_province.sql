-- The provinces, other than the one that reports, in which enterprises of a file lie, and how many do: `is_all` says that
-- they are all of a whole return, three at least. A province and the one it became are the same territory (crosswalk of
-- Resolution 202/2025/QH15). Ministries report on every province and are left out.
WITH lying AS (
    SELECT
        enterprises._file, enterprises.province_code AS province, count(*) AS rows, min(enterprises._row) AS first_row
    FROM enterprises
    GROUP BY ALL
),
judged AS (
    SELECT
        lying.*, workbook.unit_code AS unit, workbook.is_whole,
        lying.province NOT IN (workbook.unit_code, here.unit34) AND there.unit34 <> workbook.unit_code AS is_elsewhere
    FROM lying
    JOIN workbook ON workbook._file = lying._file
    JOIN territory AS here ON here.unit_code = workbook.unit_code AND here.kind = 'province'
    JOIN territory AS there ON there.unit_code = lying.province
)
SELECT
    _file, province, rows, first_row, unit,
    is_whole AND bool_and(is_elsewhere) OVER (PARTITION BY _file) AND sum(rows) OVER (PARTITION BY _file) >= 3 AS is_all
FROM judged
QUALIFY is_elsewhere
