-- The ceilings of the table support_ceilings that bind a return: those of its province, and those of a former province on
-- its territory (`is_own` is false), with the years of which the return speaks. Only of returns that hold all their rows.
SELECT
    workbook._file, workbook.first_year, workbook.year, support_ceiling.*,
    support_ceiling.unit_code = workbook.unit_code AS is_own
FROM support_ceiling
JOIN territory ON territory.unit_code = support_ceiling.unit_code
JOIN workbook ON workbook.is_whole AND workbook.unit_code IN (support_ceiling.unit_code, territory.unit34)
