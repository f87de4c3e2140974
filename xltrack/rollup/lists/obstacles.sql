-- What stands in the way, by the level that must decide, the Prime Minister first (letter of 2024).
SELECT
    o.return_year AS year, o.return_period AS period_kind, r.figures_kind,
    o.deciding_level AS level, o.return_unit AS unit_code, u.name_vi AS unit_name, u.name_en AS unit_name_en,
    o.category, o.obstacle, o.cause, o.proposal, o.proposed_deadline, o.status
FROM current_obstacles AS o
JOIN rollup_report AS r
    ON r.return_unit = o.return_unit AND r.return_year = o.return_year AND r.return_period = o.return_period
JOIN unit AS u ON u.code = o.return_unit
LEFT JOIN code AS l ON l.list = 'deciding_levels' AND l.code = o.deciding_level
ORDER BY o.return_year DESC, l.ordinal DESC, u.ordinal, o.sequence, o._submission, o._row
