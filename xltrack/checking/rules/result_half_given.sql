-- XLT533: of a completed application only the value before or only the value after is given: nothing to compare.
SELECT
    applications._file, 'applications' AS sheet, applications._row,
    if(applications.value_before IS NULL, 'value_before', 'value_after') AS "column"
FROM applications
WHERE applications.status = 'completed' AND (applications.value_before IS NULL) <> (applications.value_after IS NULL)
