-- One row per line of funding in words: with its return, place, size and sector, and whether the state has paid.
SELECT
    r.return_unit, r.return_year, r.figures_kind, m.year, m.source, m.funding_kind, m.spending_item, m.subject_kind,
    m.programme, m.amount,
    CASE WHEN s.state THEN TRUE ELSE FALSE END AS state,
    m.in_year, p.unit63, p.unit34, m.tool, m.task_group,
    coalesce(l.size, w.none) AS size,
    coalesce(l.size_sector, w.none) AS size_sector,
    coalesce(l.sector, w.none) AS sector,
    m._file, m._row
FROM rollup_spent AS m
CROSS JOIN rollup_word AS w
JOIN rollup_report AS r ON r.return_no = m.return_no
JOIN rollup_site AS p ON p.spot_no = m.spot_no
LEFT JOIN rollup_budget AS s ON s.source = m.source
LEFT JOIN rollup_look AS l ON l.look_no = m.look_no
