-- Certificates by year of issue (Decision 1322/QĐ-TTg: ISO 9001 and ISO 14001 certificates).
SELECT
    'certificates_issued' AS measure, t.period, c.figures_kind, v.view,
    CASE v.view WHEN '63' THEN c.unit63 WHEN '34' THEN c.unit34 ELSE c.return_unit END AS unit_code,
    c.programme, c.tool, c.size, c.size_sector, c.sector, 1 AS value
FROM rollup_certificate AS c
JOIN rollup_period AS t ON c.year BETWEEN t.first_year AND t.last_year
CROSS JOIN rollup_view AS v
