-- Funding of another year than the return's, beside what the unit's own return of that year says: compared, never added.
WITH line AS (
    SELECT
        r.return_unit, r.return_year, r.figures_kind, f.year, f.figure_kind AS funding_kind, f.source, f.amount,
        f.year BETWEEN r.first_year AND r.last_year AS in_year
    FROM current_funding AS f
    JOIN rollup_file AS r ON r._file = f._file
),
restated AS (
    SELECT return_unit, return_year, figures_kind, year, funding_kind, source, sum(amount) AS amount
    FROM line
    WHERE NOT in_year
    GROUP BY return_unit, return_year, figures_kind, year, funding_kind, source
),
reported AS (
    SELECT return_unit, year, funding_kind, source, sum(amount) AS amount
    FROM line
    WHERE in_year
    GROUP BY return_unit, year, funding_kind, source
)
SELECT
    s.return_unit AS unit_code, u.name_vi AS unit_name, u.name_en AS unit_name_en, s.return_year, s.figures_kind, s.year,
    s.funding_kind, s.source, s.amount AS restated, r.amount AS reported, s.amount - r.amount AS difference
FROM restated AS s
JOIN unit AS u ON u.code = s.return_unit
LEFT JOIN reported AS r
    ON r.return_unit = s.return_unit AND r.year = s.year AND r.funding_kind = s.funding_kind AND r.source = s.source
ORDER BY s.year, u.ordinal, s.return_year, s.funding_kind, s.source
