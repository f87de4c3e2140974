-- The sector (a section of VSIC in its version), and that in which size is judged, of a code: of its first two digits, or of a section's letter.
WITH division AS (
    SELECT version, section, size_sector, section AS prefix FROM rollup_vsic
    UNION ALL
    SELECT v.version, v.section, v.size_sector, n.prefix
    FROM rollup_vsic AS v
    JOIN rollup_division AS n ON n.prefix BETWEEN v.first_division AND v.last_division
)
SELECT version, prefix, version || '-' || min(section) AS sector, min_by(size_sector, section) AS size_sector
FROM division
GROUP BY version, prefix
