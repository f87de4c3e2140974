-- XLT504: total funding on the cover is not state budget plus other sources.
-- The line "Total, of which state budget, other sources" of the outline enclosed with letter 334/BKHCN-TĐC, 2.4.
-- money: total, state, other, difference
SELECT
    cover._file, 'cover' AS sheet, cover._row, 'funding_total' AS "column",
    cover.funding_total AS total, cover.funding_state AS state, cover.funding_other AS other,
    abs(cover.funding_total::HUGEINT - cover.funding_state - cover.funding_other) AS difference
FROM cover
WHERE cover.funding_total::HUGEINT <> cover.funding_state::HUGEINT + cover.funding_other
