-- The funding rows that may belong to the control totals of the cover, as year and kind of figure do not exclude them, in
-- which a cell that decides about it, or the amount, is blank or could not be read: what they add to the totals is not
-- known. `in_total`, `in_state` and `in_other` say to which of the three.
SELECT
    funding._file, funding._row, funding.year, funding.figure_kind, funding.source, funding.amount,
    funding.year IS NULL OR funding.figure_kind IS NULL OR funding.amount IS NULL AS in_total,
    funding.source IS NULL OR funding.source IN (SELECT code FROM state_source) AS in_state,
    funding.source IS NULL OR funding.source NOT IN (SELECT code FROM state_source) AS in_other
FROM cover
JOIN funding ON funding._file = cover._file
WHERE (funding.year IS NULL OR funding.figure_kind IS NULL OR funding.source IS NULL OR funding.amount IS NULL)
    AND (funding.figure_kind IS NULL OR funding.figure_kind = cover.funding_kind)
    AND (
        funding.year IS NULL
        OR funding.year BETWEEN cover.year - if(cover.period_kind = 'five_year', 4, 0) AND cover.year
    )
