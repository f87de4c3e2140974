-- XLT577: a funding row of a year after the return's; no return has said anything of it, and it is not added to this one.
SELECT
    funding._file, 'funding' AS sheet, funding._row, 'year' AS "column",
    funding.year AS year, cover.year AS cover_year
FROM funding
JOIN cover ON cover._file = funding._file AND cover.period_kind IS NOT NULL
WHERE funding.year > cover.year
