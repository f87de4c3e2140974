-- One row per task of a return (letter 334/BKHCN-TĐC: managed at national, ministry and province level).
SELECT
    t.return_unit, t.return_year, r.figures_kind, t.task_id, t.programme,
    coalesce(t.task_group, 'unknown') AS task_group,
    t.task_kind, t.level,
    coalesce(t.status, 'unknown') AS status,
    t.budget_state, t.budget_other,
    coalesce(p.unit63, 'CHUA-PHAN-BO') AS unit63,
    p.unit34,
    row_number() OVER (PARTITION BY t.return_unit, t.return_year, t.task_id ORDER BY t._submission, t._row) AS occurrence
FROM current_tasks AS t
JOIN rollup_report AS r
    ON r.return_unit = t.return_unit AND r.return_year = t.return_year AND r.return_period = t.return_period
JOIN rollup_place AS p ON p.unit_code = t.return_unit
