-- One row per line of funding. `in_year`: the line speaks of the years of its own return; any other year is a
-- restatement, compared and never added. A line stands where its application's enterprise stands; of applications of one
-- id in a return the first is meant.
WITH repeated AS (
    SELECT hash(return_no, application_id) AS key
    FROM rollup_application
    GROUP BY hash(return_no, application_id)
    HAVING count(*) > 1
),
later AS (
    SELECT _file, _row
    FROM (
        SELECT _file, _row, row_number() OVER (PARTITION BY return_no, application_id ORDER BY _file, _row) AS occurrence
        FROM rollup_application
        WHERE hash(return_no, application_id) IN (SELECT key FROM repeated)
    )
    WHERE occurrence > 1
),
application AS (
    SELECT a.*
    FROM rollup_application AS a
    WHERE NOT EXISTS (SELECT 1 FROM later AS l WHERE l._file = a._file AND l._row = a._row)
)
SELECT
    r.return_unit, r.return_year, r.figures_kind, f.year, f.source, f.figure_kind AS funding_kind,
    coalesce(f.spending_item, w.unknown) AS spending_item,
    f.subject_kind,
    coalesce(f.programme, a.programme, t.programme, w.unknown) AS programme,
    f.amount,
    CASE WHEN s.state THEN TRUE ELSE FALSE END AS state,
    f.year BETWEEN r.first_year AND r.last_year AS in_year,
    coalesce(a.unit63, r.unit63, w.unallocated) AS unit63,
    r.unit34,
    coalesce(a.tool, w.none) AS tool,
    coalesce(a.task_group, t.task_group, w.none) AS task_group,
    coalesce(a.size, w.none) AS size,
    coalesce(a.size_sector, w.none) AS size_sector,
    coalesce(a.sector, w.none) AS sector,
    f._file, f._sheet, f._row
FROM current_funding AS f
CROSS JOIN rollup_word AS w
JOIN rollup_file AS r ON r._file = f._file
LEFT JOIN rollup_source AS s ON s.source = f.source
LEFT JOIN application AS a
    ON f.subject_kind = 'application' AND a.return_no = r.return_no AND a.application_id = f.subject_id
LEFT JOIN rollup_task AS t
    ON f.subject_kind = 'task' AND t.return_no = r.return_no AND t.task_id = f.subject_id AND t.occurrence = 1
