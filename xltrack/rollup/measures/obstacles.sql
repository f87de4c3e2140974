-- Obstacles by the level that must decide (letter of 2024: what exceeds the Ministry goes to the Prime Minister).
SELECT
    r.return_year AS year, r.figures_kind, coalesce(r.unit63, 'CHUA-PHAN-BO') AS unit63, r.unit34, r.return_unit,
    o.deciding_level AS level, o.category, coalesce(o.status, 'unknown') AS status,
    1 AS obstacles,
    o._file, o._row
FROM current_obstacles AS o
JOIN rollup_file AS r ON r._file = o._file
