-- The periods that each year of returns belongs to, by the `bit` of year and kind of figures, with the bits of all its years.
SELECT y.bit * k.apart AS bit, k.figures_kind, y.year, t.period, t.first_year, t.last_year, t.years * k.apart AS years
FROM rollup_year AS y
JOIN rollup_period AS t ON y.year BETWEEN t.return_from AND t.return_to
CROSS JOIN rollup_kind AS k
