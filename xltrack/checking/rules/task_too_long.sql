-- XLT553: a science and technology task of national level takes more than 36 months, the most that Programme 1322 allows.
-- A month that has begun counts.
SELECT
    tasks._file, 'tasks' AS sheet, tasks._row, 'end_date' AS "column",
    tasks.start_date AS first_day, tasks.end_date AS last_day,
    datesub('month', tasks.start_date, tasks.end_date - INTERVAL 1 DAY) + 1 AS months
FROM tasks
WHERE tasks.level = 'national' AND tasks.task_kind = 'science_technology'
    AND tasks.end_date > tasks.start_date + INTERVAL 36 MONTH
