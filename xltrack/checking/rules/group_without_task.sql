-- XLT570: some of the groups of tasks of Programme 1322 have no task (the outline enclosed with letter 334/BKHCN-TĐC, 2.3,
-- lists tasks by groups). Asked of whole returns with at least as many tasks as there are groups: of fewer, some group must
-- lack one.
-- labels: groups = task_groups
WITH held AS (
    SELECT tasks._file, min(tasks._row) AS _row, count(*) AS tasks, list(DISTINCT tasks.task_group) AS held
    FROM tasks
    JOIN workbook ON workbook._file = tasks._file AND workbook.is_whole AND workbook.is_read
    WHERE tasks.programme = '1322'
        AND tasks._file NOT IN (SELECT _file FROM unread WHERE sheet = 'tasks' AND "column" IN ('task_group', 'programme'))
    GROUP BY tasks._file
)
SELECT
    held._file, 'tasks' AS sheet, held._row, 'task_group' AS "column",
    list(programme_group.code ORDER BY programme_group.code) AS groups
FROM held
JOIN programme_group ON programme_group.programme = '1322' AND NOT list_contains(held.held, programme_group.code)
WHERE held.tasks >= (SELECT count(*) FROM programme_group WHERE programme = '1322')
GROUP BY held._file, held._row
