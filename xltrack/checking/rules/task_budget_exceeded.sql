-- XLT538: the funding of a task is more than the whole task was to cost, of state budget or of other sources.
-- The line "Total, of which state budget, other sources" of the outline enclosed with letter 334/BKHCN-TĐC, 2.4, asked of
-- each task; a task that states only one of the two is judged by that one. Kinds of figure are never added up.
-- money: budget, funded
-- labels: kind = funding_kinds
WITH paid AS (
    SELECT
        funding._file, funding.subject_id, funding.figure_kind,
        coalesce(sum(funding.amount) FILTER (funding.source IN (SELECT code FROM state_source)), 0) AS state,
        coalesce(sum(funding.amount) FILTER (funding.source NOT IN (SELECT code FROM state_source)), 0) AS other
    FROM funding
    WHERE funding.subject_kind = 'task'
    GROUP BY ALL
),
line AS (
    SELECT tasks._file, tasks._row, 'budget_state' AS "column", tasks.budget_state AS budget, paid.state AS funded,
        paid.figure_kind
    FROM tasks
    JOIN paid ON paid._file = tasks._file AND paid.subject_id = tasks.task_id
    UNION ALL
    SELECT tasks._file, tasks._row, 'budget_other', tasks.budget_other, paid.other, paid.figure_kind
    FROM tasks
    JOIN paid ON paid._file = tasks._file AND paid.subject_id = tasks.task_id
)
SELECT _file, 'tasks' AS sheet, _row, "column", budget, max(funded) AS funded, arg_max(figure_kind, funded) AS kind
FROM line
WHERE funded > budget
GROUP BY ALL
