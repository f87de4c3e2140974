-- XLT524: something is planned or under way although its last day has passed. Only of actual figures: an estimate may
-- name a cut-off date to come.
WITH span AS (
    SELECT applications._file, 'applications' AS sheet, applications._row, applications.status,
        applications.end_date AS ended
    FROM applications
    UNION ALL
    SELECT tasks._file, 'tasks' AS sheet, tasks._row, tasks.status, tasks.end_date FROM tasks
)
SELECT
    span._file, span.sheet, span._row, 'status' AS "column", span.ended, cover.cut_off_date AS cut_off
FROM span
JOIN cover ON cover._file = span._file AND cover.figures_kind = 'actual'
WHERE span.status IN ('planned', 'doing') AND span.ended < cover.cut_off_date
