-- XLT506: a funding row of another year than the return's restates what that year's return said; it is compared,
-- never added. A five-year return covers the year of its cover and the four before it. A year to come: XLT577.
SELECT
    funding._file, 'funding' AS sheet, funding._row, 'year' AS "column",
    funding.year AS year, cover.year AS cover_year
FROM funding
JOIN cover ON cover._file = funding._file AND cover.period_kind IS NOT NULL
WHERE funding.year < cover.year - if(cover.period_kind = 'five_year', 4, 0)
