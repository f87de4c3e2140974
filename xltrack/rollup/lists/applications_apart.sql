-- Applications counted straight from the sheet.
SELECT t.period, r.figures_kind, count(*) AS counted_apart
FROM current_applications AS a
JOIN rollup_report AS r
    ON r.return_unit = a.return_unit AND r.return_year = a.return_year AND r.return_period = a.return_period
JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
GROUP BY t.period, r.figures_kind
