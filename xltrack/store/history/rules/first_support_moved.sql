-- XLT619: the year of an enterprise's first support is later than the latest annual return before of the same territory
-- said.
SELECT
    _submission, 'enterprises' AS sheet, _row, 'first_supported_year' AS "column", first_year,
    first_year_before AS before, first_year_year AS year
FROM enterprise_before
WHERE first_year > first_year_before
