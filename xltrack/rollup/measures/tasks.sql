-- Tasks of the six groups and their cost estimates (outline enclosed with letter 334/BKHCN-TĐC, 2.3).
SELECT
    w.measure, t.period, k.figures_kind, v.view,
    CASE v.view WHEN '63' THEN k.unit63 WHEN '34' THEN k.unit34 ELSE k.return_unit END AS unit_code,
    k.programme, k.task_group, k.task_kind, k.level, k.status,
    CASE w.measure
        WHEN 'tasks' THEN 1
        WHEN 'task_budget_state' THEN coalesce(k.budget_state, 0)
        ELSE coalesce(k.budget_other, 0)
    END AS value
FROM rollup_task AS k
JOIN rollup_period AS t ON k.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
CROSS JOIN rollup_view AS v
CROSS JOIN (
    SELECT 'tasks' AS measure UNION ALL SELECT 'task_budget_state' UNION ALL SELECT 'task_budget_other'
) AS w
