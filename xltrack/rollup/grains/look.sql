-- The sizes and sectors that occur together, numbered: numbers are quicker to group by than three texts.
SELECT CAST(row_number() OVER (ORDER BY size, size_sector, sector) AS INTEGER) AS look_no, size, size_sector, sector
FROM (
    SELECT size, size_sector, sector FROM rollup_enterprise
    UNION
    SELECT 'unknown', 'unknown', 'unknown'
)
