-- Enterprises by what they apply: an enterprise with two tools stands under both, so these do not add up to the total.
SELECT
    'enterprises_supported' AS measure, t.period, a.figures_kind, v.view,
    CASE v.view WHEN '63' THEN a.unit63 WHEN '34' THEN a.unit34 ELSE a.return_unit END AS unit_code,
    a.programme, a.tool, a.task_group, a.size, a.party_id AS value
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id AND p.legal_form = 'enterprise'
JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to
CROSS JOIN rollup_view AS v
WHERE a.counted
