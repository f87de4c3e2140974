-- XLT518: an enterprise is said to be supported for the first time in a year that the return does not reach.
SELECT
    enterprises._file, 'enterprises' AS sheet, enterprises._row, 'first_supported_year' AS "column",
    enterprises.first_supported_year AS first_year, workbook.year AS cover_year
FROM enterprises
JOIN workbook ON workbook._file = enterprises._file
WHERE enterprises.first_supported_year > workbook.year
