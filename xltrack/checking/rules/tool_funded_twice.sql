-- XLT537: the state pays in one year for two applications of the same tool at the same enterprise.
-- among: repeated_tool
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
),
several AS (
    SELECT _file, tax_code, tool_code, version, year FROM paid GROUP BY ALL HAVING count(*) > 1
)
SELECT
    paid._file, 'funding' AS sheet, paid._row, 'subject_id' AS "column",
    first_value(paid.subject_id) OVER same AS other, paid.year
FROM paid
JOIN several
    ON several._file = paid._file AND several.tax_code = paid.tax_code AND several.tool_code = paid.tool_code
    AND several.version IS NOT DISTINCT FROM paid.version AND several.year IS NOT DISTINCT FROM paid.year
WINDOW same AS (
    PARTITION BY paid._file, paid.tax_code, paid.tool_code, paid.version, paid.year ORDER BY paid._row
)
QUALIFY row_number() OVER same > 1
