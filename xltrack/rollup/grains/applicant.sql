-- Whose those applications are, and where in the return the enterprise stands, null if nowhere.
SELECT
    u._file, u._row,
    rollup_number(
        min(CASE WHEN length(u.tax_code) = 12 THEN u.tax_code ELSE coalesce(x.successor, substr(u.tax_code, 1, 10)) END)
    ) AS party_id,
    min(e.place_no) AS place_no
FROM rollup_unlinked AS u
LEFT JOIN tax_code_change AS x ON x.predecessor = substr(u.tax_code, 1, 10)
LEFT JOIN (
    SELECT r.return_no, e.tax_code, CAST(e._file AS BIGINT) * 1048576 + e._row AS place_no
    FROM current_enterprises AS e
    JOIN rollup_file AS r ON r._file = e._file
) AS e ON e.return_no = u.return_no AND e.tax_code = u.tax_code
GROUP BY u._file, u._row
