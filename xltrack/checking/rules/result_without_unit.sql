-- XLT532: a value before or after has no unit, so that nobody knows what improved by how much.
SELECT applications._file, 'applications' AS sheet, applications._row, 'result_unit' AS "column"
FROM applications
WHERE applications.result_unit IS NULL AND coalesce(applications.value_before, applications.value_after) IS NOT NULL
