-- XLT522: an application is completed, but not said when; the years in which it counts follow from its dates.
SELECT applications._file, 'applications' AS sheet, applications._row, 'end_date' AS "column"
FROM applications
WHERE applications.status = 'completed' AND applications.end_date IS NULL
