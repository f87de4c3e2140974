-- Rows of enterprises whose tax code is listed again within a return, all but the first: files that make up a return
-- alone list none twice.
SELECT _file, _row
FROM (
    SELECT e._file, e._row, row_number() OVER (PARTITION BY r.return_no, e.tax_code ORDER BY e._file, e._row) AS occurrence
    FROM current_enterprises AS e
    JOIN rollup_file AS r ON r._file = e._file
    WHERE NOT r.alone
) AS numbered
WHERE occurrence > 1
