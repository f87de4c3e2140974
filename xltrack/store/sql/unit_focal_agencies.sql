-- The focal agencies that the units $units have named, as the returns that count say, each once with the first year.
SELECT
    min(return_year) AS year, return_unit AS unit_code, programme, agency_name, designation_no, designated_on, valid_from,
    valid_to
FROM current_focal_agency
WHERE return_unit IN (SELECT unnest($units))
GROUP BY ALL
ORDER BY year, unit_code, programme, designated_on NULLS FIRST, agency_name
