-- XLT508: there is no row at all, and the cover does not say that there is nothing to report. Where a sheet could
-- not be read, there may be rows that nobody saw.
SELECT cover._file, 'cover' AS sheet, cover._row, 'nil_report' AS "column"
FROM cover
JOIN workbook ON workbook._file = cover._file
WHERE workbook.is_read AND workbook.size = 0 AND NOT coalesce(cover.nil_report, false)
