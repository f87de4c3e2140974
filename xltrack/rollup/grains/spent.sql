-- One row per line of funding, in numbers. `in_year`: the line speaks of the years of its own return; any other year is a
-- restatement, compared and never added. A line stands where its application's enterprise stands.
WITH line AS (
    SELECT
        f.*, r.return_no, r.first_year, r.last_year, r.spot_no,
        CASE
            WHEN s._row IS NULL THEN CAST(f._file AS BIGINT) * 1048576 + f._subject_id_row ELSE s.place_no
        END AS subject_no
    FROM current_funding AS f
    JOIN rollup_file AS r ON r._file = f._file
    LEFT JOIN rollup_subject AS s ON s._file = f._file AND s._row = f._row
)
SELECT
    f.return_no, f.year, f.source, f.figure_kind AS funding_kind,
    coalesce(f.spending_item, w.unknown) AS spending_item,
    f.subject_kind,
    coalesce(f.programme, a.programme, t.programme, w.unknown) AS programme,
    f.amount,
    f.year BETWEEN f.first_year AND f.last_year AS in_year,
    coalesce(a.spot_no, f.spot_no) AS spot_no,
    coalesce(a.tool, w.none) AS tool,
    coalesce(a.task_group, t.task_group, w.none) AS task_group,
    a.look_no,
    f._file, f._row
FROM line AS f
CROSS JOIN rollup_word AS w
LEFT JOIN rollup_applied AS a
    ON CAST(a._file AS BIGINT) * 1048576 + a._row = CASE WHEN f.subject_kind = 'application' THEN f.subject_no END
LEFT JOIN rollup_task AS t
    ON CAST(t._file AS BIGINT) * 1048576 + t._row = CASE WHEN f.subject_kind = 'task' THEN f.subject_no END
