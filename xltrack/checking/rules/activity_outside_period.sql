-- XLT549: an activity lies wholly outside the period of the data: it belongs to another year's report.
SELECT
    training._file, 'training' AS sheet, training._row, 'start_date' AS "column",
    workbook.data_from AS first_day, cover.cut_off_date AS last_day
FROM training
JOIN workbook ON workbook._file = training._file
JOIN cover ON cover._file = training._file
WHERE training.start_date > cover.cut_off_date
    OR coalesce(training.end_date, training.start_date) < workbook.data_from
    AND training._file NOT IN (SELECT _file FROM unread WHERE sheet = 'training' AND "column" = 'end_date')
