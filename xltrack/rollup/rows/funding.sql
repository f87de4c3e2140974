-- One row per line of funding that speaks of the years of its own return; restatements are listed apart, never added.
SELECT
    t.period, m.figures_kind, m.unit34, m.unit63, m.return_unit, m.funding_kind,
    CASE WHEN m.state THEN 'state' ELSE 'other' END AS budget,
    m.source, m.spending_item, m.subject_kind, m.programme, m.tool, m.task_group, m.size, m.size_sector, m.sector,
    m.amount, s.file_name AS file, b.tab AS sheet, m._row AS line
FROM rollup_money AS m
JOIN rollup_period AS t ON m.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
JOIN current_submission AS c ON c.file_no = m._file
JOIN submission AS s ON s.sha256 = c.sha256
JOIN (SELECT _entry, min(_sheet) AS tab FROM funding GROUP BY _entry) AS b ON b._entry = c.entry_no
JOIN unit AS u ON u.code = m.return_unit
WHERE m.in_year AND (CAST($unit AS VARCHAR) IS NULL OR $unit IN (m.unit34, m.unit63))
ORDER BY t.period, m.figures_kind, u.ordinal, s.file_name, m._row
