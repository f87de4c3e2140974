-- XLT564: an indicator's actual figure is not what the sheets of the same return count. Counted as the national figures are:
-- an enterprise is supported in the years of the return if an application of it is under way or completed and overlaps
-- them; enterprises are told apart by the first ten digits of their tax codes; cooperatives and households are no
-- enterprises. Who counts only what was supported under the programme of the target is right as well. A target of another
-- kind of period than the return's is not judged. Asked of whole returns in which every cell of these sheets could be read.
-- labels: indicator = indicators
WITH applied AS (
    SELECT
        applications._file, substr(applications.tax_code, 1, 10) AS stem, coalesce(applications.programme, '') AS programme,
        coalesce(applications.pilot_model, FALSE) AS pilot
    FROM applications
    JOIN workbook ON workbook._file = applications._file
    LEFT JOIN enterprises ON enterprises._file = applications._file AND enterprises.tax_code = applications.tax_code
    WHERE applications.status IN ('doing', 'completed')
        AND year(coalesce(applications.start_date, make_date(workbook.year, 1, 1))) <= workbook.year
        AND year(coalesce(applications.end_date, make_date(workbook.year, 1, 1))) >= workbook.first_year
        AND coalesce(enterprises.legal_form, if(length(applications.tax_code) = 12, 'household', 'enterprise'))
            = 'enterprise'
),
asked AS (
    SELECT
        targets._file, targets._row, targets.indicator_code AS indicator, targets.actual_value AS actual,
        coalesce(targets.programme, '') AS programme
    FROM targets
    JOIN workbook ON workbook._file = targets._file AND workbook.is_whole AND workbook.is_read
    JOIN cover ON cover._file = targets._file AND cover.period_kind = targets.period_kind
    WHERE targets.period = if(
            workbook.first_year = workbook.year, workbook.year::VARCHAR, workbook.first_year || '-' || workbook.year
        )
        AND targets._file NOT IN (SELECT _file FROM unread WHERE sheet IN ('applications', 'enterprises', 'training'))
),
counted AS (
    SELECT
        asked.*, count(DISTINCT applied.stem) AS counted,
        count(DISTINCT applied.stem) FILTER (applied.programme = asked.programme) AS own
    FROM asked
    LEFT JOIN applied ON applied._file = asked._file AND (asked.indicator = 'ENT-SUPPORTED' OR applied.pilot)
    WHERE asked.indicator IN ('ENT-SUPPORTED', 'PILOT-MODELS')
    GROUP BY ALL
    UNION ALL
    SELECT asked.*, coalesce(sum(training.certified_experts), 0) AS counted, counted AS own
    FROM asked
    LEFT JOIN training ON training._file = asked._file
    WHERE asked.indicator = 'EXPERTS'
    GROUP BY ALL
)
SELECT
    _file, 'targets' AS sheet, _row, 'actual_value' AS "column", indicator, actual, counted::BIGINT AS counted
FROM counted
WHERE actual NOT IN (counted, own)
