-- XLT529: a certificate had expired when the data end.
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'expires_on' AS "column",
    applications.expires_on AS expires, cover.cut_off_date AS cut_off
FROM applications
JOIN cover ON cover._file = applications._file
WHERE applications.status IN ('doing', 'completed')
    AND applications.expires_on < cover.cut_off_date
    AND applications.expires_on > applications.issued_on
