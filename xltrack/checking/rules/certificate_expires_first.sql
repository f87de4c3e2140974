-- XLT528: a certificate expires on or before the day of its issue.
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'expires_on' AS "column",
    applications.issued_on AS issued, applications.expires_on AS expires
FROM applications
WHERE applications.expires_on <= applications.issued_on
