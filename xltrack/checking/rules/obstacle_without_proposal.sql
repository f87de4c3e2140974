-- XLT559: an obstacle stands without a proposal; the letter of 2024 asks to reflect difficulties and to propose solutions.
SELECT obstacles._file, 'obstacles' AS sheet, obstacles._row, 'proposal' AS "column"
FROM obstacles
WHERE obstacles.proposal IS NULL AND obstacles.status IS DISTINCT FROM 'resolved'
    AND (obstacles._file, obstacles._row) NOT IN (
        SELECT (unread._file, unread._row) FROM unread WHERE sheet = 'obstacles' AND "column" = 'status'
    )
