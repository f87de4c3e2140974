-- One row per line of funding, in numbers. `in_year`: the line speaks of the years of its own return; any other year is a
-- restatement, compared and never added. A line stands where its application's enterprise stands; of applications of one
-- id in a return the first is meant.
WITH application AS (
    SELECT a.return_no, a.application_id, a.programme, a.tool, a.task_group, a.spot_no, a.look_no
    FROM rollup_applied AS a
    WHERE NOT EXISTS (SELECT 1 FROM rollup_applied_again AS l WHERE l._file = a._file AND l._row = a._row)
)
SELECT
    r.return_no, f.year, f.source, f.figure_kind AS funding_kind,
    coalesce(f.spending_item, w.unknown) AS spending_item,
    f.subject_kind,
    coalesce(f.programme, a.programme, t.programme, w.unknown) AS programme,
    f.amount,
    f.year BETWEEN r.first_year AND r.last_year AS in_year,
    coalesce(a.spot_no, r.spot_no) AS spot_no,
    coalesce(a.tool, w.none) AS tool,
    coalesce(a.task_group, t.task_group, w.none) AS task_group,
    a.look_no,
    f._file, f._sheet, f._row
FROM current_funding AS f
CROSS JOIN rollup_word AS w
JOIN rollup_file AS r ON r._file = f._file
LEFT JOIN application AS a
    ON f.subject_kind = 'application' AND a.return_no = r.return_no AND a.application_id = f.subject_id
LEFT JOIN rollup_task AS t
    ON f.subject_kind = 'task' AND t.return_no = r.return_no AND t.task_id = f.subject_id AND t.occurrence = 1
