-- XLT620: what an earlier annual return of the same territory called completed is planned or under way again. Ids of
-- provinces that became one may collide, so that the same id counts only for the same tool or the same task; steps of a
-- plan have no id: they are compared by what they say and the year in which they are due, for plans of every year have the
-- same steps, within one unit, or between a unit and the only one it was made of.
WITH renamed AS (
    SELECT unit34 FROM territory GROUP BY unit34 HAVING count(*) FILTER (unit_code <> unit34) = 1
),
-- Nearly every application that is completed stays so.
doubtful AS (
    SELECT unit34, application_id
    FROM near_application
    GROUP BY unit34, application_id
    HAVING min(return_year) FILTER (status = 'completed') < max(return_year) FILTER (status IN ('planned', 'doing'))
),
stated AS (
    SELECT
        applied._entry, 'applications' AS sheet, applied._row, applied.return_year, applied.unit34,
        applied.application_id || ' ' || applied.tool_code || ' ' || substr(applied.tax_code, 1, 10) AS thing,
        '' AS words, applied.application_id AS id, applied.status AS status
    FROM near_application AS applied
    JOIN doubtful ON doubtful.unit34 = applied.unit34 AND doubtful.application_id = applied.application_id
    UNION ALL
    SELECT task._entry, 'tasks', task._row, task.return_year, near_file.unit34,
        task.task_id, task.task_name, task.task_id, task.status
    FROM current_tasks AS task
    JOIN near_file ON near_file.entry_no = task._entry
    UNION ALL
    SELECT step._entry, 'milestones', step._row, step.return_year, coalesce(renamed.unit34, step.return_unit),
        step.programme || ' ' || step.milestone_kind || ' ' || year(step.due_date), step.content, step.content, step.status
    FROM current_milestones AS step
    JOIN near_file ON near_file.entry_no = step._entry
    LEFT JOIN renamed ON renamed.unit34 = near_file.unit34
)
SELECT
    told.sha256 AS _submission, now.sheet, now._row, 'status' AS "column", now.id, max(earlier.return_year) AS year
FROM stated AS now
JOIN told ON told.entry_no = now._entry
JOIN stated AS earlier
    ON earlier.sheet = now.sheet AND earlier.unit34 = now.unit34 AND earlier.thing = now.thing
    AND folded(earlier.words) = folded(now.words)
    AND earlier.return_year < now.return_year AND earlier.status = 'completed'
WHERE now.status IN ('planned', 'doing')
GROUP BY ALL
