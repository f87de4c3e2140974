-- Every enterprise (ten digits of its tax code of today) as the newest return that lists it has it, with the units and
-- years that have listed it. Households, with twelve digits, are left out.
SELECT
    coalesce(c.successor, substr(e.tax_code, 1, 10)) AS code,
    arg_max(e.enterprise_name, e.return_year) AS name,
    coalesce(arg_max(e.address, e.return_year), '') AS address,
    coalesce(arg_max(e.commune, e.return_year), '') AS commune,
    coalesce(arg_max(coalesce(u.successor, u.code), e.return_year), '') AS province,
    list_sort(list_distinct(list(e.return_unit))) AS units,
    list_sort(list_distinct(list(e.return_year))) AS years
FROM current_enterprises AS e
LEFT JOIN tax_code_change AS c ON c.predecessor = substr(e.tax_code, 1, 10)
LEFT JOIN unit AS u ON u.code = e.province_code
WHERE length(e.tax_code) <> 12 AND e.enterprise_name IS NOT NULL
    AND coalesce(e.legal_form, '') <> 'household'
GROUP BY 1
ORDER BY 1
