-- Applications whose enterprise is found by its tax code: those of returns of several files, where it may stand in another
-- one, and those for which their own file names no row. All others know the row of their enterprise.
SELECT a._file, a._row, r.return_no, a.tax_code
FROM current_applications AS a
JOIN rollup_file AS r ON r._file = a._file
WHERE NOT r.alone
UNION ALL
SELECT a._file, a._row, r.return_no, a.tax_code
FROM current_applications AS a
JOIN rollup_file AS r ON r._file = a._file
WHERE r.alone AND a._tax_code_row IS NULL
