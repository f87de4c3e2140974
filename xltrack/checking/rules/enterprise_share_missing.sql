-- XLT541: the province may pay only a share of the cost, but no money of the enterprise or of others stands beside it, of
-- whatever kind of figure: what the enterprise pays is never allocated.
-- money: state
-- labels: kind = funding_kinds
WITH unshared AS (
    SELECT * FROM state_support QUALIFY bool_and(total = state) OVER (PARTITION BY _file, subject_id)
)
SELECT
    _file, 'funding' AS sheet, _row, 'source' AS "column",
    max(state) AS state, arg_max(figure_kind, state) AS kind, max_percent, legal_basis
FROM unshared
WHERE max_percent < 100 AND state > 0
GROUP BY _file, _row, max_percent, legal_basis
