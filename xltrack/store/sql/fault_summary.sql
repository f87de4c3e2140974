-- The faults of $$faults by file, sheet and column: the first rows, and how many keys or values are concerned; for the
-- first repeated key every place where it stands.
WITH fault AS MATERIALIZED (
    SELECT f.*, s.file_name
    FROM ($faults) AS f
    JOIN submission AS s USING (sha256)
),
summed AS (
    SELECT
        set_id, kind, sheet, column_id, target, sha256,
        any_value(file_name) AS file_name,
        list(DISTINCT _row ORDER BY _row) AS rows,
        count(DISTINCT alike) AS number,
        arg_min(alike, _row) AS alike,
        any_value(stated) AS stated,
        any_value(added) AS added
    FROM fault
    GROUP BY set_id, kind, sheet, column_id, target, sha256
)
SELECT
    u.* REPLACE (u.rows[:$most] AS rows),
    list({'file_name': f.file_name, 'row': f._row} ORDER BY f.file_name, f._row)[:$most] AS places
FROM summed AS u
LEFT JOIN fault AS f
    ON f.set_id = u.set_id AND f.kind = u.kind AND f.sheet = u.sheet AND f.alike = u.alike AND u.kind = 'repeat'
GROUP BY ALL
ORDER BY u.set_id, u.sheet, u.column_id, u.target, u.file_name, u.sha256;
