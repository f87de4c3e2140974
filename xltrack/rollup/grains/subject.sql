-- Where in the return the application or task of those lines stands: of several of one id the first is meant.
WITH asked AS (
    SELECT DISTINCT return_no, subject_kind, subject_id FROM rollup_unplaced
),
named AS (
    SELECT q.return_no, q.subject_kind, q.subject_id, min(CAST(a._file AS BIGINT) * 1048576 + a._row) AS place_no
    FROM asked AS q
    JOIN rollup_file AS r ON r.return_no = q.return_no
    JOIN current_applications AS a ON a._file = r._file AND a.application_id = q.subject_id
    WHERE q.subject_kind = 'application'
    GROUP BY q.return_no, q.subject_kind, q.subject_id
    UNION ALL
    SELECT q.return_no, q.subject_kind, q.subject_id, min(CAST(t._file AS BIGINT) * 1048576 + t._row)
    FROM asked AS q
    JOIN rollup_file AS r ON r.return_no = q.return_no
    JOIN current_tasks AS t ON t._file = r._file AND t.task_id = q.subject_id
    WHERE q.subject_kind = 'task'
    GROUP BY q.return_no, q.subject_kind, q.subject_id
)
SELECT u._file, u._row, n.place_no
FROM rollup_unplaced AS u
LEFT JOIN named AS n
    ON n.return_no = u.return_no AND n.subject_kind = u.subject_kind AND n.subject_id = u.subject_id
