-- XLT523: an application is completed on a day after the data end. Only of actual figures: an estimate may look ahead.
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'end_date' AS "column",
    applications.end_date AS ended, cover.cut_off_date AS cut_off
FROM applications
JOIN cover ON cover._file = applications._file AND cover.figures_kind = 'actual'
WHERE applications.status = 'completed' AND applications.end_date > cover.cut_off_date
