-- XLT504: total funding on the cover is not state budget plus other sources.
-- The line "Total, of which state budget, other sources" of the outline enclosed with letter 334/BKHCN-TĐC, 2.4.
SELECT
    _file, 'cover' AS sheet, _row, 'funding_total' AS "column",
    funding_total AS total, funding_state AS state, funding_other AS other,
    abs(funding_total::HUGEINT - funding_state - funding_other) AS difference
FROM cover
WHERE funding_total::HUGEINT <> funding_state::HUGEINT + funding_other
