-- Rows of sheet AP_DUNG in the current returns; an application kept over two years is a row of each.
SELECT
    'applications' AS measure, t.period, a.figures_kind, v.view,
    CASE v.view WHEN '63' THEN a.unit63 WHEN '34' THEN a.unit34 ELSE a.return_unit END AS unit_code,
    a.programme, a.tool, a.task_group, a.status, p.legal_form, a.size, a.size_sector, a.sector, 1 AS value
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id
JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
CROSS JOIN rollup_view AS v
