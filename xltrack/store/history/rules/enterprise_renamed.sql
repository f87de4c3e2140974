-- XLT617: an enterprise bears another name than in the latest annual return before that lists it, whoever sent that.
-- Words of legal form do not count: "Cty TNHH MTV" is "Công ty TNHH một thành viên".
WITH compared AS (
    SELECT
        now._submission, now._row, now.enterprise_name AS name,
        arg_max(earlier.enterprise_name, earlier.return_year) AS before, max(earlier.return_year) AS year
    FROM listed_enterprise AS now
    JOIN listed_enterprise AS earlier ON earlier.party = now.party AND earlier.return_year < now.return_year
    WHERE now.is_told AND earlier.enterprise_name IS NOT NULL
    GROUP BY ALL
)
SELECT _submission, 'enterprises' AS sheet, _row, 'enterprise_name' AS "column", name, before, year
FROM compared
WHERE own_name(name) <> own_name(before)
