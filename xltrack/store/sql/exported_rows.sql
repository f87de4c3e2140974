-- The rows of the files of `exported`, each file's together and as they stand in the table.
SELECT t.*
FROM $table AS t
JOIN exported AS e ON e.file = t.$column
ORDER BY e.unit_code, e.file, t.rowid
