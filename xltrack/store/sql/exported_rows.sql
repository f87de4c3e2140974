-- The rows of the files of `exported`, as they stand in the table: so they stand when they are restored.
SELECT t.*
FROM $table AS t
WHERE t.$column IN (SELECT file FROM exported)
ORDER BY t.rowid
