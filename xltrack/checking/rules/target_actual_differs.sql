-- XLT564: an indicator's actual figure is not what the sheets of the same return count. Counted as the national figures are:
-- an enterprise is supported in the years of the return if an application of it is under way or completed and overlaps
-- them; enterprises are told apart by the first ten digits of their tax codes; cooperatives and households are no
-- enterprises. Asked of whole returns in which every cell of these sheets could be read.
-- labels: indicator = indicators
WITH applied AS (
    SELECT
        applications._file, substr(applications.tax_code, 1, 10) AS stem,
        bool_or(coalesce(applications.pilot_model, FALSE)) AS pilot
    FROM applications
    JOIN workbook ON workbook._file = applications._file
    LEFT JOIN enterprises ON enterprises._file = applications._file AND enterprises.tax_code = applications.tax_code
    WHERE applications.status IN ('doing', 'completed')
        AND year(coalesce(applications.start_date, make_date(workbook.year, 1, 1))) <= workbook.year
        AND year(coalesce(applications.end_date, make_date(workbook.year, 1, 1))) >= workbook.first_year
        AND coalesce(enterprises.legal_form, if(length(applications.tax_code) = 12, 'household', 'enterprise'))
            = 'enterprise'
    GROUP BY ALL
),
counted AS (
    SELECT workbook._file, 'ENT-SUPPORTED' AS code, count(applied.stem) AS counted
    FROM workbook LEFT JOIN applied USING (_file) GROUP BY workbook._file
    UNION ALL
    SELECT workbook._file, 'PILOT-MODELS', count(*) FILTER (applied.pilot)
    FROM workbook LEFT JOIN applied USING (_file) GROUP BY workbook._file
    UNION ALL
    SELECT workbook._file, 'EXPERTS', coalesce(sum(training.certified_experts), 0)
    FROM workbook LEFT JOIN training ON training._file = workbook._file GROUP BY workbook._file
)
SELECT
    targets._file, 'targets' AS sheet, targets._row, 'actual_value' AS "column",
    targets.indicator_code AS indicator, targets.actual_value AS actual, counted.counted::BIGINT AS counted
FROM targets
JOIN workbook ON workbook._file = targets._file AND workbook.is_whole AND workbook.is_read
JOIN counted ON counted._file = targets._file AND counted.code = targets.indicator_code
WHERE targets.period = if(
        workbook.first_year = workbook.year, workbook.year::VARCHAR, workbook.first_year || '-' || workbook.year
    )
    AND targets.actual_value <> counted.counted
    AND targets._file NOT IN (SELECT _file FROM unread WHERE sheet IN ('applications', 'enterprises', 'training'))
