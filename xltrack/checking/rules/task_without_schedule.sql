-- XLT551: a task of Programme 1322 has neither a first nor a last day; see XLT550 for what the outline asks.
SELECT tasks._file, 'tasks' AS sheet, tasks._row, 'end_date' AS "column"
FROM tasks
WHERE tasks.programme = '1322' AND tasks.status IS DISTINCT FROM 'stopped'
    AND tasks.start_date IS NULL AND tasks.end_date IS NULL
    AND (tasks._file, tasks._row) NOT IN (
        SELECT (unread._file, unread._row) FROM unread WHERE sheet = 'tasks' AND "column" IN ('start_date', 'status')
    )
