-- XLT622: the actual figure of a target over several years is lower than the year before said of the same years. What is
-- counted from the first year on cannot fall; shares and growth rates may. A province is compared with the greatest of
-- those it was made of, where each of them has the indicator: what is counted once may have been counted by two of them.
-- labels: indicator = indicators
WITH stated AS (
    SELECT
        target._submission, target._row, target.return_unit, target.return_year,
        target.indicator_code AS indicator, target.period AS period, target.actual_value AS actual
    FROM current_targets AS target
    JOIN code ON code.list = 'indicators' AND code.code = target.indicator_code
    WHERE target.period_kind = 'five_year' AND target.return_period = 'annual' AND target.actual_value IS NOT NULL
        AND code.extra['direction'] = 'up' AND NOT contains(code.extra['unit'], '%')
)
SELECT
    now._submission, 'targets' AS sheet, now._row, 'actual_value' AS "column",
    now.indicator, now.period, now.actual, max(earlier.actual) AS before, now.return_year - 1 AS year
FROM stated AS now
JOIN year_before ON year_before.unit_code = now.return_unit AND year_before.year = now.return_year
LEFT JOIN stated AS earlier
    ON earlier.return_unit = year_before.earlier_unit AND earlier.return_year = now.return_year - 1
    AND earlier.indicator = now.indicator AND earlier.period = now.period
WHERE now._submission IN (SELECT sha256 FROM told)
GROUP BY now._submission, now._row, now.indicator, now.period, now.actual, now.return_year
HAVING count(earlier.actual) = count(*) AND now.actual < max(earlier.actual)
