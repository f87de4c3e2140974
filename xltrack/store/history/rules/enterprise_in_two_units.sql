-- XLT616: an enterprise is supported by two units in the same round; the nation counts it once, both are told. A province
-- and one it was made of that both report are another finding (XLT605).
-- labels: units = units
WITH placed AS (
    SELECT DISTINCT return_year, return_period, party, return_unit
    FROM supported
    WHERE (return_year, return_period) IN (SELECT (year, period_kind) FROM told)
),
shared AS (
    SELECT here.return_year, here.return_period, here.party, here.return_unit,
        list(there.return_unit ORDER BY there.return_unit) AS units
    FROM placed AS here
    JOIN placed AS there
        ON there.return_year = here.return_year AND there.return_period = here.return_period
        AND there.party = here.party AND there.return_unit <> here.return_unit
    JOIN territory AS mine ON mine.unit_code = here.return_unit
    JOIN territory AS theirs ON theirs.unit_code = there.return_unit
    WHERE mine.unit34 <> there.return_unit AND theirs.unit34 <> here.return_unit
    GROUP BY ALL
)
SELECT
    listed._submission, 'enterprises' AS sheet, listed._row, 'tax_code' AS "column",
    any_value(shared.units) AS units, any_value(shared.return_year) AS year
FROM shared
JOIN supported
    ON supported.return_unit = shared.return_unit AND supported.return_year = shared.return_year
    AND supported.return_period = shared.return_period AND supported.party = shared.party
JOIN current_enterprises AS listed
    ON listed.return_unit = shared.return_unit AND listed.return_year = shared.return_year
    AND listed.return_period = shared.return_period AND listed.tax_code = supported.tax_code
JOIN told ON told.entry_no = listed._entry
GROUP BY listed._submission, listed._row
