-- XLT525: a certificate stands beside a productivity tool (5S, Lean, Kaizen, KPI, TPM …), for which there is none.
-- labels: tool = tools
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'certificate_no' AS "column",
    applications.tool_code AS tool
FROM applications
JOIN tool ON tool.code = applications.tool_code AND tool.kind = 'tool'
WHERE applications.certificate_no IS NOT NULL
