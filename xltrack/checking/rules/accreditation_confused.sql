-- XLT526: a body that certifies is named for a standard under which laboratories are accredited (ISO/IEC 17025, ISO 15189),
-- or one that accredits for a standard under which enterprises are certified. Who certifies is accredited ("được công
-- nhận") himself.
-- labels: tool = tools
WITH body AS (
    SELECT applications.certification_body AS said, folded(applications.certification_body) AS plain
    FROM (SELECT DISTINCT certification_body FROM applications) AS applications
),
named AS (
    SELECT
        applications._file, applications._row, applications.tool_code, tool.kind,
        contains(body.plain, 'chungnhan') AS certifies, contains(body.plain, 'congnhan') AS accredits,
        regexp_matches(body.plain, '(duoc|da)congnhan') AS is_accredited
    FROM applications
    JOIN tool ON tool.code = applications.tool_code AND tool.kind IN ('certified', 'accredited')
    JOIN body ON body.said = applications.certification_body
)
SELECT
    _file, 'applications' AS sheet, _row, 'certification_body' AS "column", tool_code AS tool,
    if(kind = 'accredited', {'vi': 'công nhận', 'en': 'accredited'}, {'vi': 'chứng nhận', 'en': 'certified'}) AS how
FROM named
WHERE (kind = 'accredited' AND certifies AND NOT accredits) OR (kind = 'certified' AND accredits AND NOT certifies AND NOT is_accredited)
