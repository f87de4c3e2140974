-- XLT541: the province may pay only a share of the cost, but no money of the enterprise or of others stands beside it.
-- money: state
-- labels: kind = funding_kinds
SELECT
    _file, 'funding' AS sheet, _row, 'source' AS "column",
    max(state) AS state, arg_max(figure_kind, state) AS kind, max_percent, legal_basis
FROM state_support
WHERE max_percent < 100 AND state > 0 AND total = state
GROUP BY _file, _row, max_percent, legal_basis
