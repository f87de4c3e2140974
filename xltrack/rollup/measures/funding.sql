-- Funding of the return's own year, per kind of figure: total, and of it the state budget, central and local (outline
-- enclosed with letter 334/BKHCN-TĐC, 2.4: "total, of which state budget, other sources").
SELECT
    w.measure, t.period, m.figures_kind, v.view,
    CASE v.view WHEN '63' THEN m.unit63 WHEN '34' THEN m.unit34 ELSE m.return_unit END AS unit_code,
    m.funding_kind, m.source, m.spending_item, m.subject_kind, m.programme, m.tool, m.task_group, m.size, m.size_sector,
    m.sector, m.amount AS value
FROM rollup_money AS m
JOIN rollup_period AS t ON m.return_year BETWEEN t.return_from AND t.return_to
CROSS JOIN rollup_view AS v
JOIN (SELECT 'funding' AS measure UNION ALL SELECT 'funding_state') AS w ON w.measure = 'funding' OR m.state
WHERE m.in_year
