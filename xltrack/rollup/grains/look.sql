-- The sizes and sectors that may occur together, numbered: numbers are quicker to group by than three texts.
WITH size AS (
    SELECT size FROM rollup_size_limit
    UNION SELECT 'large' UNION SELECT 'unknown'
    UNION SELECT declared_size FROM current_enterprises WHERE declared_size IS NOT NULL
),
size_sector AS (
    SELECT size_sector FROM rollup_vsic WHERE size_sector IS NOT NULL
    UNION SELECT 'unknown'
    UNION SELECT size_sector FROM current_enterprises WHERE size_sector IS NOT NULL
),
sector AS (
    SELECT sector FROM rollup_industry
    UNION SELECT 'unknown'
)
SELECT
    CAST(row_number() OVER (ORDER BY s.size, t.size_sector, v.sector) AS INTEGER) AS look_no,
    s.size, t.size_sector, v.sector
FROM size AS s
CROSS JOIN size_sector AS t
CROSS JOIN sector AS v
