-- XLT552: a task of Programme 1322 says neither how much is to be done nor what comes out of it; see XLT550 for what the
-- outline asks.
SELECT tasks._file, 'tasks' AS sheet, tasks._row, 'expected_result' AS "column"
FROM tasks
WHERE tasks.programme = '1322' AND tasks.status IS DISTINCT FROM 'stopped'
    AND tasks.volume IS NULL AND tasks.expected_result IS NULL
    AND (tasks._file, tasks._row) NOT IN (
        SELECT (unread._file, unread._row) FROM unread WHERE sheet = 'tasks' AND "column" IN ('volume', 'status')
    )
