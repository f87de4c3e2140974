-- One row per task of a return (letter 334/BKHCN-TĐC: managed at national, ministry and province level).
SELECT
    r.return_no, r.return_unit, r.return_year, r.figures_kind, t.programme,
    coalesce(t.task_group, w.unknown) AS task_group,
    t.task_kind, t.level,
    coalesce(t.status, w.unknown) AS status,
    t.budget_state, t.budget_other,
    coalesce(r.unit63, w.unallocated) AS unit63,
    r.unit34,
    t._file, t._row
FROM current_tasks AS t
CROSS JOIN rollup_word AS w
JOIN rollup_file AS r ON r._file = t._file
