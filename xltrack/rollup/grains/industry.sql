-- The section of VSIC, and the sector in which size is judged, of a code: of its first two digits, or of a section's letter.
WITH division AS (
    SELECT version, section, size_sector, section AS prefix FROM rollup_vsic
    UNION ALL
    SELECT
        version, section, size_sector,
        lpad(CAST(unnest(range(CAST(first_division AS INTEGER), CAST(last_division AS INTEGER) + 1)) AS VARCHAR), 2, '0')
    FROM rollup_vsic
)
SELECT version, prefix, min(section) AS section, min_by(size_sector, section) AS size_sector
FROM division
GROUP BY version, prefix
