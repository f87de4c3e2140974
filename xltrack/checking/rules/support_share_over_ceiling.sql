-- XLT543: a province pays a larger share of the cost of one application than its resolution allows. Where nobody else pays
-- at all, that is XLT541.
-- labels: kind = funding_kinds, sources = funding_sources
-- among: binding_ceiling, bounded_support
SELECT
    _file, 'funding' AS sheet, _row, 'amount' AS "column", sources,
    round(100.0 * paid / total, 1) AS percent, figure_kind AS kind, max_percent, legal_basis
FROM bounded_support
WHERE total > paid AND 100::HUGEINT * paid > max_percent * total
