-- XLT566: the kind of period and the period of a target contradict each other: a year has four digits, five years have two.
-- labels: kind = period_kinds
SELECT
    targets._file, 'targets' AS sheet, targets._row, 'period' AS "column", targets.period_kind AS kind
FROM targets
WHERE (targets.period_kind = 'five_year') <> contains(targets.period, '-')
