-- XLT541: the province may pay only a share of the cost, but no money of the enterprise or of others stands beside it, of
-- whatever kind of figure: what the enterprise pays is never allocated.
-- money: paid
-- labels: kind = funding_kinds, sources = funding_sources
-- among: binding_ceiling, bounded_support
WITH unshared AS (
    SELECT * FROM bounded_support QUALIFY bool_and(total = paid) OVER (PARTITION BY _file, subject_id)
)
SELECT
    _file, 'funding' AS sheet, _row, 'source' AS "column", any_value(sources) AS sources,
    max(paid) AS paid, arg_max(figure_kind, paid) AS kind, max_percent, legal_basis
FROM unshared
WHERE max_percent < 100 AND paid > 0
GROUP BY _file, _row, max_percent, legal_basis
