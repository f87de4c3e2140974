-- XLT542: a province pays more for one application than its resolution allows. What other budgets pay does not count
-- against it, unless the table of ceilings says so.
-- money: paid, ceiling
-- labels: kind = funding_kinds, sources = funding_sources
-- among: binding_ceiling, bounded_support
SELECT
    _file, 'funding' AS sheet, _row, 'amount' AS "column",
    sources, paid, figure_kind AS kind, max_vnd AS ceiling, legal_basis
FROM bounded_support
WHERE paid > max_vnd
