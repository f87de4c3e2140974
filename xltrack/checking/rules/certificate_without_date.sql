-- XLT531: a certificate has a number but no day of issue; certificates are counted by the year of their issue
-- (Decision 1322/QĐ-TTg: ISO 9001 and ISO 14001 certificates).
SELECT applications._file, 'applications' AS sheet, applications._row, 'issued_on' AS "column"
FROM applications
JOIN tool ON tool.code = applications.tool_code AND tool.kind <> 'tool'
WHERE applications.certificate_no IS NOT NULL AND applications.issued_on IS NULL
