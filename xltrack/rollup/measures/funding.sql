-- Funding of the return's own year, per kind of figure: total, and of it the state budget, central and local (outline
-- enclosed with letter 334/BKHCN-TĐC, 2.4: "total, of which state budget, other sources").
SELECT
    m.return_no, m.spot_no, m.look_no,
    m.funding_kind, m.source, m.spending_item, m.subject_kind, m.programme, m.tool, m.task_group,
    CASE WHEN m.in_year THEN m.amount END AS funding,
    CASE WHEN m.in_year AND s.state THEN m.amount END AS funding_state,
    m._file, m._row
FROM rollup_spent AS m
LEFT JOIN rollup_budget AS s ON s.source = m.source
