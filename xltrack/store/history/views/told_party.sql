-- The enterprises told of: each by the first ten digits of its tax code of today.
WITH stated AS (
    SELECT enterprise.tax_code AS tax_code
    FROM current_enterprises AS enterprise
    JOIN told ON told.entry_no = enterprise._entry
    UNION
    SELECT applied.tax_code
    FROM current_applications AS applied
    JOIN told ON told.entry_no = applied._entry
)
SELECT DISTINCT coalesce(tax_code_change.successor, substr(stated.tax_code, 1, 10)) AS party
FROM stated
LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(stated.tax_code, 1, 10)
