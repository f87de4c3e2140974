-- XLT548: two activities of one kind and organiser bear the same title and begin on the same day, though they differ
-- otherwise. A course may run at two places at once. Rows of one key, or alike in all else, have findings of their own.
-- among: numbered_course
WITH organiser AS (
    SELECT training.organiser AS said, folded(training.organiser) AS plain
    FROM (SELECT DISTINCT organiser FROM training) AS training
),
repeated AS (
    SELECT training._file, training.course_id FROM training GROUP BY ALL HAVING count(*) > 1
),
titled AS (
    SELECT
        training._file, training._row, training.kind, organiser.plain AS organiser, folded(training.title) AS title,
        training.start_date
    FROM training
    JOIN numbered_course USING (_file, _row)
    LEFT JOIN organiser ON organiser.said = training.organiser
    WHERE (training._file, training.course_id) NOT IN (SELECT (_file, course_id) FROM repeated)
        AND (training._file, training._row) NOT IN (SELECT (_file, _row) FROM alike_row WHERE sheet = 'training')
),
shared AS (
    SELECT _file, kind, organiser, title, start_date, list(_row ORDER BY _row)[:6] AS rows
    FROM titled
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT
    titled._file, 'training' AS sheet, titled._row, 'title' AS "column",
    list_filter(shared.rows, lambda r: r <> titled._row)[:5] AS other_rows, titled.start_date
FROM titled
JOIN shared
    ON shared._file = titled._file AND shared.kind = titled.kind AND shared.title = titled.title
    AND shared.start_date = titled.start_date AND shared.organiser IS NOT DISTINCT FROM titled.organiser
