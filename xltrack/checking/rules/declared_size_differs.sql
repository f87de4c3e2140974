-- XLT509: the size that an enterprise declares is not the one that its figures give.
-- Decree 80/2021/NĐ-CP, article 5: workers AND (revenue OR capital), micro before small before medium, else large. A blank
-- leaves a comparison open; nothing is said where the first class that is not excluded is open. Sizes of years before the
-- Decree are not judged. Shown are the limits of the smaller of the two classes: the ones that were kept or exceeded.
-- money: revenue, capital, revenue_max, capital_max
-- labels: declared = sizes, computed = sizes, limit_size = sizes
WITH stated AS (
    SELECT
        enterprises._file, enterprises._row, enterprises.declared_size, enterprises.insured_workers,
        enterprises.revenue, enterprises.total_capital, enterprises.size_sector,
        min(vsic_section.size_sector) AS main_sector,
        make_date(coalesce(enterprises.size_year, workbook.year), 12, 31) AS size_day
    FROM enterprises
    JOIN workbook ON workbook._file = enterprises._file
    LEFT JOIN vsic_section
        ON vsic_section.version = enterprises.vsic_version
        AND (
            enterprises.vsic_code = vsic_section.section
            OR substr(enterprises.vsic_code, 1, 2) BETWEEN vsic_section.first_division AND vsic_section.last_division
        )
    WHERE enterprises.declared_size IS NOT NULL AND enterprises.insured_workers IS NOT NULL
        AND (enterprises._file, enterprises._row) NOT IN (
            SELECT (unread._file, unread._row) FROM unread
            WHERE sheet = 'enterprises' AND "column" IN ('size_sector', 'size_year')
        )
    GROUP BY ALL
),
compared AS (
    SELECT
        stated.*, size_limit.sector, size_limit.size,
        insured_workers <= workers_max AND (revenue <= revenue_max OR total_capital <= capital_max) AS fits
    FROM stated
    JOIN size_limit ON size_limit.sector = coalesce(size_sector, main_sector) AND size_day BETWEEN valid_from AND valid_to
),
fitted AS (
    SELECT
        * EXCLUDE (size, fits),
        bool_or(fits) FILTER (size = 'micro') AS is_micro,
        bool_or(fits) FILTER (size = 'small') AS is_small,
        bool_or(fits) FILTER (size = 'medium') AS is_medium
    FROM compared
    GROUP BY ALL
),
judged AS (
    SELECT
        *,
        CASE
            WHEN is_micro THEN 'micro'
            WHEN is_micro IS NULL THEN NULL
            WHEN is_small THEN 'small'
            WHEN is_small IS NULL THEN NULL
            WHEN is_medium THEN 'medium'
            WHEN is_medium IS NULL THEN NULL
            ELSE 'large'
        END AS computed,
        least(
            list_position(['micro', 'small', 'medium', 'large'], declared_size),
            list_position(['micro', 'small', 'medium', 'large'], computed)
        ) AS smaller
    FROM fitted
)
SELECT
    _file, 'enterprises' AS sheet, _row, 'declared_size' AS "column",
    declared_size AS declared, computed, insured_workers AS workers, revenue, total_capital AS capital,
    size_limit.size AS limit_size, workers_max, revenue_max, capital_max
FROM judged
JOIN size_limit
    ON size_limit.sector = judged.sector AND size_day BETWEEN valid_from AND valid_to
    AND size_limit.size = ['micro', 'small', 'medium', 'large'][smaller]
WHERE computed <> declared_size
