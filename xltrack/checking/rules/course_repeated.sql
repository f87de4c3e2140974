-- XLT548: two activities of one kind and organiser bear the same title and begin on the same day, though they differ
-- otherwise. A course may run at two places at once. Rows of one key, or alike in all else, have findings of their own.
-- Titles that are the same have the same digits, which are sooner compared ("khóa 1", "khóa 2").
WITH numbered AS MATERIALIZED (
    SELECT
        training._file, training._row, training.course_id, training.kind, training.organiser, training.title,
        training.start_date, regexp_replace(training.title, '[^0-9]+', '', 'g') AS numbers
    FROM training
    WHERE training.title IS NOT NULL
),
met AS (
    SELECT _file, kind, start_date, numbers FROM numbered GROUP BY ALL HAVING count(*) > 1
),
organiser AS (
    SELECT training.organiser AS said, folded(training.organiser) AS plain
    FROM (SELECT DISTINCT organiser FROM training) AS training
),
repeated AS (
    SELECT training._file, training.course_id FROM training GROUP BY ALL HAVING count(*) > 1
),
titled AS (
    SELECT
        numbered._file, numbered._row, numbered.kind, organiser.plain AS organiser, folded(numbered.title) AS title,
        numbered.start_date
    FROM numbered
    JOIN met USING (_file, kind, start_date, numbers)
    LEFT JOIN organiser ON organiser.said = numbered.organiser
    WHERE (numbered._file, numbered.course_id) NOT IN (SELECT (_file, course_id) FROM repeated)
        AND (numbered._file, numbered._row) NOT IN (SELECT (_file, _row) FROM alike_row WHERE sheet = 'training')
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
