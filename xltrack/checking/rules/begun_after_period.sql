-- XLT578: something is under way or completed, but begins after the data end; after the year of the return it is not even
-- counted. An estimate looks ahead to the end of its year, whatever its round. What ends before it begins is told as that
-- (XLT520).
WITH span AS (
    SELECT applications._file, 'applications' AS sheet, applications._row, applications.status,
        applications.start_date AS begun, applications.end_date AS ended
    FROM applications
    UNION ALL
    SELECT tasks._file, 'tasks' AS sheet, tasks._row, tasks.status, tasks.start_date, tasks.end_date FROM tasks
)
SELECT
    span._file, span.sheet, span._row, 'start_date' AS "column", span.begun,
    if(cover.figures_kind = 'actual' AND span.begun > cover.cut_off_date, cover.cut_off_date, NULL) AS cut_off,
    if(cover.figures_kind = 'actual' AND span.begun > cover.cut_off_date, NULL, cover.year) AS cover_year
FROM span
JOIN cover ON cover._file = span._file
WHERE span.status IN ('doing', 'completed')
    AND (year(span.begun) > cover.year OR cover.figures_kind = 'actual' AND span.begun > cover.cut_off_date)
    AND (span.ended IS NULL OR span.ended >= span.begun)
