-- XLT619: the year of an enterprise's first support is later than an earlier annual return of the same territory said.
WITH compared AS (
    SELECT
        now._submission, now._row, now.first_supported_year AS first_year,
        arg_max(earlier.first_supported_year, earlier.return_year) AS before, max(earlier.return_year) AS year
    FROM listed_enterprise AS now
    JOIN listed_enterprise AS earlier
        ON earlier.party = now.party AND earlier.unit34 = now.unit34 AND earlier.return_year < now.return_year
    WHERE now.is_told AND earlier.first_supported_year IS NOT NULL
    GROUP BY ALL
)
SELECT _submission, 'enterprises' AS sheet, _row, 'first_supported_year' AS "column", first_year, before, year
FROM compared
WHERE first_year > before
