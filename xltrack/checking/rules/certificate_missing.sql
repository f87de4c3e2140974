-- XLT527: a system that is certified or accredited is completed, but there is no certificate. The support may have ended
-- before the audit.
-- labels: tool = tools
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'certificate_no' AS "column",
    applications.tool_code AS tool
FROM applications
JOIN tool ON tool.code = applications.tool_code AND tool.kind IN ('certified', 'accredited')
WHERE applications.status = 'completed' AND applications.certificate_no IS NULL AND applications.issued_on IS NULL
    AND (applications._file, applications._row) NOT IN (
        SELECT (unread._file, unread._row) FROM unread WHERE sheet = 'applications' AND "column" = 'issued_on'
    )
