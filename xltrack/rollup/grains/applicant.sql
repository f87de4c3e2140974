-- Whose those applications are, and where in the return the enterprise stands, null if nowhere.
SELECT
    u._file, u._row,
    min(CASE WHEN length(u.tax_code) = 12 THEN u.tax_code ELSE coalesce(x.successor, substr(u.tax_code, 1, 10)) END) AS party_id,
    min(e.place_no) AS place_no
FROM rollup_unlinked AS u
LEFT JOIN tax_code_change AS x ON x.predecessor = substr(u.tax_code, 1, 10)
LEFT JOIN rollup_enterprise AS e ON e.return_no = u.return_no AND e.tax_code = u.tax_code
GROUP BY u._file, u._row
