-- XLT521: work under a programme begins in a year before the programme's first, or ends after its last day (Decisions
-- 1322/QĐ-TTg and 36/QĐ-TTg). What begins after that day, its end unknown, is told here unless XLT578 asks for it.
-- labels: programme = programmes
WITH span AS (
    SELECT applications._file, 'applications' AS sheet, applications._row, applications.programme, applications.status,
        applications.start_date AS begun, applications.end_date AS ended
    FROM applications
    UNION ALL
    SELECT tasks._file, 'tasks' AS sheet, tasks._row, tasks.programme, tasks.status, tasks.start_date, tasks.end_date
    FROM tasks
)
SELECT
    span._file, span.sheet, span._row,
    if(year(span.begun) < year(programme_period.first_day) OR span.ended IS NULL, 'start_date', 'end_date') AS "column",
    span.programme, programme_period.first_day, programme_period.last_day
FROM span
JOIN programme_period ON programme_period.code = span.programme
WHERE year(span.begun) < year(programme_period.first_day)
    OR span.ended > programme_period.last_day
    OR span.begun > programme_period.last_day AND span.ended IS NULL
        AND coalesce(span.status, '') NOT IN ('doing', 'completed')
