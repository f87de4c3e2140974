-- XLT537: the state pays in one year for two applications of the same tool at the same enterprise.
WITH paid AS (
    SELECT
        funding._file, min(funding._row) AS _row, funding.subject_id, funding.year,
        applications.tax_code, applications.tool_code,
        CASE WHEN applications.tool_code LIKE 'OTHER-%' THEN applications.standard_version END AS version
    FROM funding
    JOIN applications ON applications._file = funding._file AND applications.application_id = funding.subject_id
    WHERE funding.subject_kind = 'application' AND funding.amount > 0
        AND funding.source IN (SELECT code FROM state_source)
        AND applications.tax_code IS NOT NULL AND applications.tool_code IS NOT NULL
        AND NOT (applications.tool_code LIKE 'OTHER-%' AND applications.standard_version IS NULL)
    GROUP BY ALL
)
SELECT
    _file, 'funding' AS sheet, _row, 'subject_id' AS "column",
    first_value(subject_id) OVER same AS other, year
FROM paid
WINDOW same AS (PARTITION BY _file, tax_code, tool_code, version, year ORDER BY _row)
QUALIFY row_number() OVER same > 1
