-- References to a row that no file of `together` has; `alike` is the lost value. Where rows of a file were left out, they
-- may be what is missed.
SELECT
    p.set_id, 'dangle' AS kind, '$sheet' AS sheet, '$column' AS column_id, '$target_id' AS target, p.sha256, t._row,
    CAST(t."$column" AS VARCHAR) AS alike, NULL AS stated, NULL AS added
FROM $table AS t
JOIN together AS p ON p.entry_no = t._entry
WHERE p.is_whole
    AND t."$column" IS NOT NULL
    AND $asked
    AND NOT EXISTS (
        SELECT 1
        FROM $target AS g
        JOIN together AS q ON q.entry_no = g._entry
        WHERE q.set_id = p.set_id AND g."$target_column" = t."$column"
    )
