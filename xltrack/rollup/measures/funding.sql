-- Funding of the return's own year, per kind of figure: total, and of it the state budget, central and local (outline
-- enclosed with letter 334/BKHCN-TĐC, 2.4: "total, of which state budget, other sources").
SELECT
    return_year AS year, figures_kind, unit63, unit34, return_unit,
    funding_kind, source, spending_item, subject_kind, programme, tool, task_group, size, size_sector, sector,
    amount AS funding,
    CASE WHEN state THEN amount END AS funding_state,
    _file, _row
FROM rollup_money
WHERE in_year
