-- The enterprises told of, each by the first ten digits of its tax code of today; none where all files compared are near, so
-- that nobody asks for them.
WITH asked AS (
    SELECT entry_no FROM told WHERE EXISTS (SELECT 1 FROM compared_file WHERE NOT is_near)
),
stated AS (
    SELECT enterprise.tax_code AS tax_code
    FROM current_enterprises AS enterprise
    JOIN asked ON asked.entry_no = enterprise._entry
    UNION
    SELECT applied.tax_code
    FROM current_applications AS applied
    JOIN asked ON asked.entry_no = applied._entry
)
SELECT DISTINCT coalesce(tax_code_change.successor, substr(stated.tax_code, 1, 10)) AS party
FROM stated
LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(stated.tax_code, 1, 10)
