-- XLT548: two activities of one kind bear the same title and begin on the same day, though they differ otherwise. A course
-- may run at two places at once. Rows of one key, or alike in all else, have findings of their own.
WITH repeated AS (
    SELECT training._file, training.course_id FROM training GROUP BY ALL HAVING count(*) > 1
),
titled AS (
    SELECT
        training._file, training._row, training.start_date,
        list(training._row) OVER same AS rows,
        count(*) OVER same AS copies
    FROM training
    WHERE training.start_date IS NOT NULL AND training.title IS NOT NULL
        AND (training._file, training.course_id) NOT IN (SELECT (_file, course_id) FROM repeated)
        AND (training._file, training._row) NOT IN (SELECT (_file, _row) FROM alike_row WHERE sheet = 'training')
    WINDOW same AS (PARTITION BY training._file, training.kind, folded(training.title), training.start_date)
)
SELECT
    _file, 'training' AS sheet, _row, 'title' AS "column",
    list_sort(list_filter(rows, lambda r: r <> titled._row))[:5] AS other_rows, start_date
FROM titled
WHERE copies > 1
