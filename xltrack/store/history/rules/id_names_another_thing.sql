-- XLT621: the id of an application named another enterprise or tool in every earlier annual return of the same territory
-- that has it; ids stay the same over the years.
WITH stated AS (
    SELECT
        applied._entry, applied._row, applied.return_year, applied.unit34, applied.application_id AS id,
        coalesce(tax_code_change.successor, substr(applied.tax_code, 1, 10)) AS party, applied.tool_code AS tool
    FROM near_application AS applied
    LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(applied.tax_code, 1, 10)
),
-- Nearly every id names one thing in all years.
doubtful AS (
    SELECT unit34, id FROM stated GROUP BY unit34, id HAVING min(hash(party, tool)) <> max(hash(party, tool))
),
doubted AS (
    SELECT stated.* FROM stated JOIN doubtful ON doubtful.unit34 = stated.unit34 AND doubtful.id = stated.id
)
SELECT
    told.sha256 AS _submission, 'applications' AS sheet, now._row, 'application_id' AS "column", any_value(now.id) AS id,
    max(earlier.return_year) AS year
FROM doubted AS now
JOIN told ON told.entry_no = now._entry
JOIN doubted AS earlier
    ON earlier.unit34 = now.unit34 AND earlier.id = now.id AND earlier.return_year < now.return_year
GROUP BY told.sha256, now._row
HAVING bool_and(earlier.party || ' ' || earlier.tool <> now.party || ' ' || now.tool)
