-- Every application that counts in its return: under way or completed, overlapping the years of the return, of an
-- enterprise (definition of "enterprise supported in a year" used for Decision 1322/QĐ-TTg). `party` is the enterprise:
-- the first ten digits of its tax code of today. Only the years that rules compare: those of the returns told of, and
-- the ones before.
SELECT
    applied._submission, applied._row, applied.return_unit, applied.return_year, applied.return_period,
    coalesce(tax_code_change.successor, substr(applied.tax_code, 1, 10)) AS party,
    applied.application_id AS application_id, applied.tool_code AS tool_code
FROM current_applications AS applied
LEFT JOIN current_enterprises AS listed
    ON listed.return_unit = applied.return_unit AND listed.return_year = applied.return_year
    AND listed.return_period = applied.return_period AND listed.tax_code = applied.tax_code
LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(applied.tax_code, 1, 10)
WHERE applied.return_year IN (SELECT year FROM told UNION SELECT year - 1 FROM told)
    AND applied.status IN ('doing', 'completed')
    AND year(coalesce(applied.start_date, make_date(applied.return_year, 1, 1))) <= applied.return_year
    AND year(coalesce(applied.end_date, make_date(applied.return_year, 1, 1)))
        >= applied.return_year - if(applied.return_period = 'five_year', 4, 0)
    AND coalesce(listed.legal_form, if(length(applied.tax_code) = 12, 'household', 'enterprise')) = 'enterprise'
