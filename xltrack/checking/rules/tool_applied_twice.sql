-- XLT536: one enterprise applies one tool twice at the same time. Of "other" tools the standard's version tells which;
-- without it they may be two. A next phase that is planned without a day, or begins on the day on which the one before
-- ends, is none at the same time; a completed one that does not say when has a finding of its own (XLT522).
-- among: repeated_tool
WITH applied AS (
    SELECT
        applications._file, applications._row, applications.application_id,
        applications.tax_code, applications.tool_code,
        CASE WHEN applications.tool_code LIKE 'OTHER-%' THEN applications.standard_version END AS version,
        coalesce(applications.start_date, DATE '1900-01-01') AS begun,
        CASE
            WHEN applications.end_date IS NOT NULL THEN applications.end_date
            WHEN applications.status = 'completed' THEN begun
            ELSE DATE '9999-12-31'
        END AS ended
    FROM applications
    WHERE applications.status <> 'stopped'
        AND NOT (applications.status = 'planned' AND applications.start_date IS NULL)
        AND NOT (applications.tool_code LIKE 'OTHER-%' AND applications.standard_version IS NULL)
        AND (applications._file, applications._row) NOT IN (
            SELECT (unread._file, unread._row) FROM unread
            WHERE sheet = 'applications' AND "column" IN ('start_date', 'end_date', 'status', 'standard_version')
        )
),
several AS (
    SELECT _file, tax_code, tool_code, version FROM applied GROUP BY ALL HAVING count(*) > 1
),
followed AS (
    SELECT
        applied.*,
        max(ended) OVER before AS latest,
        arg_max(application_id, ended) OVER before AS other
    FROM applied
    JOIN several
        ON several._file = applied._file AND several.tax_code = applied.tax_code
        AND several.tool_code = applied.tool_code AND several.version IS NOT DISTINCT FROM applied.version
    WINDOW before AS (
        PARTITION BY applied._file, applied.tax_code, applied.tool_code, applied.version ORDER BY begun, _row
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)
SELECT _file, 'applications' AS sheet, _row, 'tool_code' AS "column", other
FROM followed
WHERE latest > begun
