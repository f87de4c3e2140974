-- XLT545: money is booked under another programme than the application or task for which it is.
-- labels: subject = programmes
WITH subject AS (
    SELECT applications._file, 'application' AS kind, applications.application_id AS id, applications.programme
    FROM applications
    UNION ALL
    SELECT tasks._file, 'task', tasks.task_id, tasks.programme FROM tasks
)
SELECT
    funding._file, 'funding' AS sheet, funding._row, 'programme' AS "column", subject.programme AS subject
FROM funding
JOIN subject
    ON subject._file = funding._file AND subject.kind = funding.subject_kind AND subject.id = funding.subject_id
WHERE funding.programme <> subject.programme
