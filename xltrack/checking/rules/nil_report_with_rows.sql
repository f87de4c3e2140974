-- XLT507: the cover says that there is nothing to report, yet there are rows.
SELECT cover._file, 'cover' AS sheet, cover._row, 'nil_report' AS "column", workbook.size AS rows
FROM cover
JOIN workbook ON workbook._file = cover._file
WHERE cover.nil_report AND workbook.size > 0
