-- Key products identified (outline enclosed with letter 334/BKHCN-TĐC, 2.3).
SELECT
    r.return_year AS year, r.figures_kind, coalesce(r.unit63, 'CHUA-PHAN-BO') AS unit63, r.unit34, r.return_unit,
    k.product_level AS level,
    1 AS key_products,
    k._file, k._row
FROM current_key_products AS k
JOIN rollup_file AS r ON r._file = k._file
