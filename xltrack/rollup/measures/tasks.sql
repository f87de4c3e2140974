-- Tasks of the six groups and their cost estimates (outline enclosed with letter 334/BKHCN-TĐC, 2.3).
SELECT
    return_year AS year, figures_kind, unit63, unit34, return_unit, programme, task_group, task_kind, level, status,
    1 AS tasks,
    coalesce(budget_state, 0) AS task_budget_state,
    coalesce(budget_other, 0) AS task_budget_other,
    _file, _row
FROM rollup_task
