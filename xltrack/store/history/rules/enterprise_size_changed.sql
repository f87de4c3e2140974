-- XLT618: an enterprise declares another size than in the latest annual return before that lists it.
-- labels: size = sizes, before = sizes
WITH compared AS (
    SELECT
        now._submission, now._row, now.declared_size AS size,
        arg_max(earlier.declared_size, earlier.return_year) AS before, max(earlier.return_year) AS year
    FROM listed_enterprise AS now
    JOIN listed_enterprise AS earlier ON earlier.party = now.party AND earlier.return_year < now.return_year
    WHERE now.is_told AND earlier.declared_size IS NOT NULL
    GROUP BY ALL
)
SELECT _submission, 'enterprises' AS sheet, _row, 'declared_size' AS "column", size, before, year
FROM compared
WHERE size <> before
