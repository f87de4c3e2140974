-- One row per obstacle, with the level that must decide (letter of 2024).
SELECT
    t.period, r.figures_kind, p.unit34, coalesce(p.unit63, 'CHUA-PHAN-BO') AS unit63, o.return_unit,
    o.deciding_level AS level, o.category, coalesce(o.status, 'unknown') AS status, o.obstacle, o.proposal,
    1 AS obstacles, s.file_name AS file, o._sheet AS sheet, o._row AS line
FROM current_obstacles AS o
JOIN rollup_report AS r
    ON r.return_unit = o.return_unit AND r.return_year = o.return_year AND r.return_period = o.return_period
JOIN rollup_place AS p ON p.unit_code = o.return_unit
JOIN rollup_period AS t ON o.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
JOIN submission AS s ON s.sha256 = o._submission
WHERE CAST($unit AS VARCHAR) IS NULL OR $unit IN (p.unit34, p.unit63)
ORDER BY t.period, r.figures_kind, p.ordinal, s.file_name, o._row
