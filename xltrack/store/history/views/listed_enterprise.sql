-- The enterprises of annual returns, each under its tax code of today (`party`, with the digits of a branch).
SELECT
    stated._row, stated._entry, stated.return_unit, stated.return_year, territory.unit34, stated.tax_code AS tax_code,
    coalesce(tax_code_change.successor || substr(stated.tax_code, 11), stated.tax_code) AS party,
    stated.enterprise_name AS enterprise_name, stated.declared_size AS declared_size,
    stated.first_supported_year AS first_supported_year
FROM current_enterprises AS stated
JOIN territory ON territory.unit_code = stated.return_unit
LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(stated.tax_code, 1, 10)
WHERE stated.return_period = 'annual'
