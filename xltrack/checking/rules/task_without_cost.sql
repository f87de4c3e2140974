-- XLT550: a task of Programme 1322 has no cost estimate, neither on its row nor among the funding. The outline enclosed with
-- letter 334/BKHCN-TĐC, 2.3, asks for volume, result, responsible party, schedule and cost estimate of every task. A correction, and one part of
-- several, may lack funding rows that were sent otherwise.
SELECT tasks._file, 'tasks' AS sheet, tasks._row, 'budget_state' AS "column"
FROM tasks
JOIN workbook ON workbook._file = tasks._file AND workbook.is_whole
LEFT JOIN funding ON funding._file = tasks._file AND funding.subject_kind = 'task' AND funding.subject_id = tasks.task_id
WHERE tasks.programme = '1322' AND tasks.status IS DISTINCT FROM 'stopped'
    AND tasks.budget_state IS NULL AND tasks.budget_other IS NULL AND funding._row IS NULL
    AND (tasks._file, tasks._row) NOT IN (
        SELECT (unread._file, unread._row) FROM unread WHERE sheet = 'tasks' AND "column" IN ('budget_other', 'status')
    )
    AND tasks._file NOT IN (
        SELECT _file FROM unread WHERE sheet = 'funding' AND "column" IN ('subject_kind', 'subject_id')
    )
