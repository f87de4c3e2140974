-- XLT503: the funding rows do not add up to the control totals of the cover.
-- The line "Total, of which state budget, other sources" of the outline enclosed with letter 334/BKHCN-TĐC, 2.4.
-- Only rows of the reporting year (of the five years, for a five-year return) and of the kind of figure that the
-- cover names count. A correction, and one part of several, do not hold all the rows that the total speaks of;
-- where a cell of such a row is not known, their sum is not either (XLT575), nor is it without the period of the cover.
-- money: cover_total, sheet_total, difference
WITH added AS (
    SELECT
        cover._file, cover._row, cover.funding_total, cover.funding_state, cover.funding_other,
        coalesce(sum(funding.amount), 0) AS total,
        coalesce(sum(funding.amount) FILTER (funding.source IN (SELECT code FROM state_source)), 0) AS state
    FROM cover
    JOIN workbook ON workbook._file = cover._file AND workbook.is_whole AND workbook.is_read
    LEFT JOIN funding
        ON funding._file = cover._file
        AND funding.figure_kind = cover.funding_kind
        AND funding.year BETWEEN cover.year - if(cover.period_kind = 'five_year', 4, 0) AND cover.year
    WHERE cover.funding_kind IS NOT NULL AND cover.year IS NOT NULL AND cover.period_kind IS NOT NULL
    GROUP BY ALL
),
line AS (
    SELECT _file, _row, 'funding_total' AS "column", funding_total AS cover_total, total AS sheet_total FROM added
    WHERE _file NOT IN (SELECT _file FROM uncertain_funding WHERE in_total)
    UNION ALL
    SELECT _file, _row, 'funding_state', funding_state, state FROM added
    WHERE _file NOT IN (SELECT _file FROM uncertain_funding WHERE in_state)
    UNION ALL
    SELECT _file, _row, 'funding_other', funding_other, total - state FROM added
    WHERE _file NOT IN (SELECT _file FROM uncertain_funding WHERE in_other)
)
SELECT
    _file, 'cover' AS sheet, _row, "column",
    cover_total, sheet_total, abs(cover_total - sheet_total) AS difference
FROM line
WHERE cover_total <> sheet_total
