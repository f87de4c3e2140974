-- Rows of enterprises whose tax code is listed again within a return, all but the first: few, and so found among those whose keys' hashes
-- are alike.
WITH numbered AS (
    SELECT e._file, e._row, r.return_no, e.tax_code, hash(r.return_no, e.tax_code) AS hashed
    FROM current_enterprises AS e
    JOIN rollup_file AS r ON r._file = e._file
),
repeated AS (
    SELECT hashed FROM numbered GROUP BY hashed HAVING count(*) > 1
)
SELECT _file, _row
FROM (
    SELECT n._file, n._row, row_number() OVER (PARTITION BY n.return_no, n.tax_code ORDER BY n._file, n._row) AS occurrence
    FROM numbered AS n
    JOIN repeated AS r ON r.hashed = n.hashed
) AS alike
WHERE occurrence > 1
