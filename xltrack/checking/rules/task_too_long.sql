-- XLT553: a science and technology task of national level takes more than 36 months, the most that Programme 1322 allows.
SELECT
    tasks._file, 'tasks' AS sheet, tasks._row, 'end_date' AS "column",
    tasks.start_date AS first_day, tasks.end_date AS last_day,
    datediff('month', tasks.start_date, tasks.end_date) AS months
FROM tasks
WHERE tasks.level = 'national' AND tasks.task_kind = 'science_technology'
    AND tasks.end_date > tasks.start_date + INTERVAL 36 MONTH
