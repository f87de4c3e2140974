-- What is said of the enterprise with the tax codes $codes (ten digits, branches with theirs), return by return.
SELECT
    e.return_year AS year, e.return_period AS period_kind, e.return_unit AS unit_code, e.tax_code, e.enterprise_name,
    e.legal_form, e.former_province_code, e.declared_size, e.insured_workers, e.revenue, e.total_capital,
    e.first_supported_year, s.file_name, e._sheet AS tab, e._row AS "row"
FROM current_enterprises AS e
JOIN submission AS s ON s.sha256 = e._submission
WHERE CASE WHEN length(e.tax_code) = 12 THEN e.tax_code ELSE substr(e.tax_code, 1, 10) END IN (SELECT unnest($codes))
ORDER BY year, period_kind, unit_code, e.tax_code, s.file_name, e._row
