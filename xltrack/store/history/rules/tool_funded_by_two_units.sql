-- XLT624: two units pay state money in one year for the same tool at the same enterprise; both are told.
-- labels: units = units, tool = tools
WITH paid AS (
    SELECT DISTINCT
        money._entry, money._row, money.return_unit, money.year, applied.tool, applied.party
    FROM current_funding AS money
    JOIN compared_file ON compared_file.entry_no = money._entry
    JOIN shared_application AS applied
        ON applied.return_unit = money.return_unit AND applied.return_year = money.return_year
        AND applied.application_id = money.subject_id
    JOIN code ON code.list = 'funding_sources' AND code.code = money.source AND code.extra['state'] = 'yes'
    WHERE money.subject_kind = 'application' AND money.figure_kind IN ('disbursed', 'settled') AND money.amount > 0
        AND money.return_period = 'annual' AND money.year = money.return_year
        AND money.subject_id IN (SELECT application_id FROM shared_application)
)
SELECT
    told.sha256 AS _submission, 'funding' AS sheet, min(here._row) AS _row, 'subject_id' AS "column",
    here.tool, here.year, list(DISTINCT there.return_unit ORDER BY there.return_unit) AS units
FROM paid AS here
JOIN told ON told.entry_no = here._entry
JOIN paid AS there
    ON there.party = here.party AND there.tool = here.tool AND there.year = here.year
    AND there.return_unit <> here.return_unit
JOIN territory AS mine ON mine.unit_code = here.return_unit
JOIN territory AS theirs ON theirs.unit_code = there.return_unit
WHERE mine.unit34 <> there.return_unit AND theirs.unit34 <> here.return_unit
GROUP BY told.sha256, here.tool, here.year, here.party
