-- Every application compared that counts in its return: under way or completed, overlapping the years of the return, of
-- an enterprise (definition of "enterprise supported in a year" used for Decision 1322/QĐ-TTg).
-- Who applies nothing that is compared is not read.
WITH applying AS (
    SELECT DISTINCT tax_code FROM compared_application
),
listed AS (
    SELECT
        enterprise.return_unit, enterprise.return_year, enterprise.return_period, enterprise.tax_code AS tax_code,
        enterprise.legal_form AS legal_form
    FROM current_enterprises AS enterprise
    JOIN compared_file ON compared_file.entry_no = enterprise._entry
    JOIN applying ON applying.tax_code = enterprise.tax_code
)
SELECT
    applied.return_unit, applied.return_year, applied.return_period, applied.party, applied.tax_code AS tax_code
FROM compared_application AS applied
LEFT JOIN listed
    ON listed.return_unit = applied.return_unit AND listed.return_year = applied.return_year
    AND listed.return_period = applied.return_period AND listed.tax_code = applied.tax_code
WHERE applied.status IN ('doing', 'completed')
    AND year(coalesce(applied.start_date, make_date(applied.return_year, 1, 1))) <= applied.return_year
    AND year(coalesce(applied.end_date, make_date(applied.return_year, 1, 1)))
        >= applied.return_year - if(applied.return_period = 'five_year', 4, 0)
    AND coalesce(listed.legal_form, if(length(applied.tax_code) = 12, 'household', 'enterprise')) = 'enterprise'
