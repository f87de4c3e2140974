-- The periods that each year of returns belongs to: joined by the year itself, not by whether it lies between two others.
SELECT y.year, t.period, t.is_span, t.first_year, t.last_year, t.years
FROM rollup_year AS y
JOIN rollup_period AS t ON y.year BETWEEN t.return_from AND t.return_to
