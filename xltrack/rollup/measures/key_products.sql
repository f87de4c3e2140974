-- Key products identified (outline enclosed with letter 334/BKHCN-TĐC, 2.3).
SELECT
    'key_products' AS measure, t.period, r.figures_kind, v.view,
    CASE v.view WHEN '63' THEN coalesce(p.unit63, 'CHUA-PHAN-BO') WHEN '34' THEN p.unit34 ELSE k.return_unit END AS unit_code,
    k.product_level AS level, 1 AS value
FROM current_key_products AS k
JOIN rollup_report AS r
    ON r.return_unit = k.return_unit AND r.return_year = k.return_year AND r.return_period = k.return_period
JOIN rollup_place AS p ON p.unit_code = k.return_unit
JOIN rollup_period AS t ON k.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
CROSS JOIN rollup_view AS v
