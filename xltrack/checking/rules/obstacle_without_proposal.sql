-- XLT559: an obstacle stands without a proposal; the letter of 2024 asks to reflect difficulties and to propose solutions.
SELECT obstacles._file, 'obstacles' AS sheet, obstacles._row, 'proposal' AS "column"
FROM obstacles
WHERE obstacles.proposal IS NULL AND obstacles.status IS DISTINCT FROM 'resolved'
