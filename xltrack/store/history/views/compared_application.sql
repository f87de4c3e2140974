-- The applications that rules compare: all of the files that are near, and what the others of the same rounds say of the
-- same enterprises (`party`: the first ten digits of the tax code of today).
SELECT
    applied.return_unit, applied.return_year, applied.return_period,
    applied.tax_code AS tax_code, coalesce(tax_code_change.successor, substr(applied.tax_code, 1, 10)) AS party,
    applied.application_id AS application_id, applied.tool_code AS tool_code, applied.status AS status,
    applied.start_date AS start_date, applied.end_date AS end_date
FROM current_applications AS applied
JOIN compared_file ON compared_file.entry_no = applied._entry
LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(applied.tax_code, 1, 10)
WHERE compared_file.is_near
    OR coalesce(tax_code_change.successor, substr(applied.tax_code, 1, 10)) IN (SELECT party FROM told_party)
