-- The files of which $table has rows, year by year, in the order in which their rows stand there.
SELECT t.$column AS file, s.year, count(*) AS rows
FROM $table AS t
LEFT JOIN (SELECT sha256, year FROM submission) AS s ON s.sha256 = t.$column
GROUP BY t.$column, s.year
ORDER BY s.year, min(t.rowid)
