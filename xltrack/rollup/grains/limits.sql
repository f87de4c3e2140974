-- The upper limits of the size classes at the end of a year, one row per sector and year.
SELECT
    l.sector, a.year,
    max(CASE l.size WHEN 'micro' THEN l.workers_max END) AS micro_workers,
    max(CASE l.size WHEN 'micro' THEN l.revenue_max END) AS micro_revenue,
    max(CASE l.size WHEN 'micro' THEN l.capital_max END) AS micro_capital,
    max(CASE l.size WHEN 'small' THEN l.workers_max END) AS small_workers,
    max(CASE l.size WHEN 'small' THEN l.revenue_max END) AS small_revenue,
    max(CASE l.size WHEN 'small' THEN l.capital_max END) AS small_capital,
    max(CASE l.size WHEN 'medium' THEN l.workers_max END) AS medium_workers,
    max(CASE l.size WHEN 'medium' THEN l.revenue_max END) AS medium_revenue,
    max(CASE l.size WHEN 'medium' THEN l.capital_max END) AS medium_capital
FROM rollup_size_limit AS l
JOIN rollup_year_end AS a ON a.day BETWEEN l.valid_from AND l.valid_to
GROUP BY l.sector, a.year
