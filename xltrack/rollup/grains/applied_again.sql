-- Applications whose id is used again within a return, all but the first: few, and so found among those whose keys' hashes
-- are alike.
WITH numbered AS (
    SELECT a._file, a._row, a.return_no, a.application_id, hash(a.return_no, a.application_id) AS hashed
    FROM rollup_applied AS a
),
repeated AS (
    SELECT hashed FROM numbered GROUP BY hashed HAVING count(*) > 1
)
SELECT _file, _row
FROM (
    SELECT n._file, n._row, row_number() OVER (PARTITION BY n.return_no, n.application_id ORDER BY n._file, n._row) AS occurrence
    FROM numbered AS n
    JOIN repeated AS r ON r.hashed = n.hashed
) AS alike
WHERE occurrence > 1
