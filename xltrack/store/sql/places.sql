-- Where the rows of `asked` stand: of sheet $sheet, in column $column_id. Files are put in order before their rows, of
-- which there are many; and found by number, so that blocks of the table without any of them are passed over.
WITH file AS (
    SELECT
        c.file_no, c.entry_no, c.unit_code, c.year, s.file_name, s.sha256, s.received_at, s.source,
        json_extract_string(p.addresses, $column_id) AS letter,
        row_number() OVER (ORDER BY c.unit_code, c.year, s.file_name, s.sha256) AS place
    FROM current_submission AS c
    JOIN submission AS s ON s.sha256 = c.sha256
    LEFT JOIN $places AS p ON p.submission = c.sha256 AND p.sheet = $sheet
)
SELECT
    f.unit_code, f.year, f.file_name, f.sha256, f.received_at, f.source,
    $sheet AS sheet, t._sheet AS tab, t._row AS "row", $column_id AS "column",
    f.letter || t._row AS cell,
    CAST(t.$named AS VARCHAR) AS value,
    a.* EXCLUDE (_file, _row)
FROM asked AS a
JOIN file AS f ON f.file_no = a._file
JOIN $table AS t ON t._entry = f.entry_no AND t._row = a._row
ORDER BY f.place, t._row
