-- XLT549: an activity lies wholly outside the period of the data: it belongs to another year's report.
-- An estimate may look ahead, as far as the period of the round reaches. A data end before that period (XLT568) ends none.
WITH bounded AS (
    SELECT
        cover._file, workbook.data_from AS first_day,
        if(
            cover.figures_kind = 'estimate' OR cover.cut_off_date < workbook.data_from,
            greatest(cover.cut_off_date, workbook.last_day), cover.cut_off_date
        ) AS last_day
    FROM cover
    JOIN workbook ON workbook._file = cover._file
)
SELECT
    training._file, 'training' AS sheet, training._row, 'start_date' AS "column",
    bounded.first_day, bounded.last_day
FROM training
JOIN bounded ON bounded._file = training._file
WHERE training.start_date > bounded.last_day
    OR coalesce(training.end_date, training.start_date) < bounded.first_day
    AND training._file NOT IN (SELECT _file FROM unread WHERE sheet = 'training' AND "column" = 'end_date')
