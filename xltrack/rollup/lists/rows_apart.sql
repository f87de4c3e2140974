-- What is counted by the row, counted straight from the rows of the files.
WITH line AS (
    SELECT 'applications' AS measure, of_year, of_figures FROM ($applications) AS a
    UNION ALL
    SELECT 'tasks', of_year, of_figures FROM ($tasks) AS t
    UNION ALL
    SELECT 'key_products', of_year, of_figures FROM ($key_products) AS k
    UNION ALL
    SELECT 'obstacles', of_year, of_figures FROM ($obstacles) AS o
)
SELECT l.measure, t.period, l.of_figures AS figures_kind, count(*) AS counted_apart
FROM line AS l
JOIN rollup_period AS t ON l.of_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
GROUP BY l.measure, t.period, l.of_figures
