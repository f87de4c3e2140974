-- Where the rows of `asked` stand: of sheet $sheet, in column $column_id.
SELECT
    c.unit_code, c.year, s.file_name, s.sha256, s.received_at, s.source,
    $sheet AS sheet, t._sheet AS tab, t._row AS "row", $column_id AS "column",
    json_extract_string(p.addresses, $column_id) || t._row AS cell,
    CAST(t.$named AS VARCHAR) AS value,
    a.* EXCLUDE (_file, _row)
FROM asked AS a
JOIN current_submission AS c ON c.file_no = a._file
JOIN submission AS s ON s.sha256 = c.sha256
JOIN $table AS t ON t._submission = c.sha256 AND t._row = a._row
LEFT JOIN $places AS p ON p.submission = c.sha256 AND p.sheet = $sheet
ORDER BY c.unit_code, c.year, s.file_name, s.sha256, t._row
