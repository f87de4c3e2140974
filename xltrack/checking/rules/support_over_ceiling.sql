-- XLT542: the state pays more for one application than the province's resolution allows.
-- money: state, ceiling
-- labels: kind = funding_kinds
SELECT
    _file, 'funding' AS sheet, _row, 'amount' AS "column",
    state, figure_kind AS kind, max_vnd AS ceiling, legal_basis
FROM state_support
WHERE state > max_vnd
