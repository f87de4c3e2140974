-- Obstacles by the level that must decide (letter of 2024: what exceeds the Ministry goes to the Prime Minister).
SELECT
    'obstacles' AS measure, t.period, r.figures_kind, v.view,
    CASE v.view WHEN '63' THEN coalesce(p.unit63, 'CHUA-PHAN-BO') WHEN '34' THEN p.unit34 ELSE o.return_unit END AS unit_code,
    o.deciding_level AS level, o.category, coalesce(o.status, 'unknown') AS status, 1 AS value
FROM current_obstacles AS o
JOIN rollup_report AS r
    ON r.return_unit = o.return_unit AND r.return_year = o.return_year AND r.return_period = o.return_period
JOIN rollup_place AS p ON p.unit_code = o.return_unit
JOIN rollup_period AS t ON o.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
CROSS JOIN rollup_view AS v
