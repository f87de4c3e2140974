-- Every tax code under which an annual return may have listed an enterprise of those told of: its code of today and the
-- former ones. Who looks for codes as they stand in the rows reads the rows of these alone; there are none where no annual
-- return is earlier than the last of those told of.
WITH asked AS (
    SELECT entry_no
    FROM told
    WHERE EXISTS (
        SELECT 1 FROM current_submission WHERE period_kind = 'annual' AND year < (SELECT max(year) FROM told)
    )
),
told_party AS (
    SELECT DISTINCT listed_enterprise.party AS party
    FROM listed_enterprise
    JOIN asked ON asked.entry_no = listed_enterprise._entry
)
SELECT party AS code FROM told_party
UNION
SELECT tax_code_change.predecessor || substr(told_party.party, 11)
FROM told_party
JOIN tax_code_change ON tax_code_change.successor = substr(told_party.party, 1, 10)
