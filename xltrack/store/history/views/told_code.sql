-- Every tax code under which an annual return may have listed an enterprise of those told of: its code of today and the
-- former ones. Who looks for codes as they stand in the rows reads the rows of these alone.
WITH told_party AS (
    SELECT DISTINCT listed_enterprise.party AS party
    FROM listed_enterprise
    JOIN told ON told.entry_no = listed_enterprise._entry
)
SELECT party AS code FROM told_party
UNION
SELECT tax_code_change.predecessor || substr(told_party.party, 11)
FROM told_party
JOIN tax_code_change ON tax_code_change.successor = substr(told_party.party, 1, 10)
