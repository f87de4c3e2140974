-- The files of which $table has rows, year by year and unit by unit, so that what belongs together is written together.
SELECT t.$column AS file, s.year, s.unit_code, count(*) AS rows
FROM $table AS t
LEFT JOIN (SELECT sha256, year, unit_code FROM submission) AS s ON s.sha256 = t.$column
GROUP BY t.$column, s.year, s.unit_code
ORDER BY s.year, s.unit_code, t.$column
