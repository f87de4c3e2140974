-- XLT543: the state pays a larger share of the cost of one application than the province's resolution allows. Where nobody
-- else pays at all, that is XLT541.
-- labels: kind = funding_kinds
SELECT
    _file, 'funding' AS sheet, _row, 'amount' AS "column",
    round(100.0 * state / total, 1) AS percent, figure_kind AS kind, max_percent, legal_basis
FROM state_support
WHERE total > state AND 100::HUGEINT * state > max_percent * total
