-- Funding added up twice without the grains: from the current rows (`counted_apart`), and from the rows of the files
-- (`submitted`).
WITH counted AS (
    SELECT return_unit, return_year, return_period, figure_kind, source, year, sum(amount) AS amount
    FROM current_funding
    GROUP BY return_unit, return_year, return_period, figure_kind, source, year
),
sent AS (
    SELECT of_year, of_figures, figure_kind, source, year, sum(amount) AS amount
    FROM ($funding) AS f
    GROUP BY of_year, of_figures, figure_kind, source, year
),
line AS (
    SELECT
        f.return_year AS of_year, r.figures_kind, f.figure_kind AS funding_kind, f.source, f.year,
        f.amount AS counted_apart, 0 AS submitted
    FROM counted AS f
    JOIN "return" AS r ON r.unit_code = f.return_unit AND r.year = f.return_year AND r.period_kind = f.return_period
    JOIN rollup_asked AS q ON q.period_kind = f.return_period
    UNION ALL
    SELECT f.of_year, f.of_figures, f.figure_kind, f.source, f.year, 0, f.amount
    FROM sent AS f
),
measured AS (
    SELECT 'funding' AS measure, line.* FROM line
    UNION ALL
    SELECT 'funding_state', line.*
    FROM line
    JOIN rollup_source AS s ON s.source = line.source AND s.state
)
SELECT
    m.measure, t.period, m.figures_kind, m.funding_kind,
    sum(m.counted_apart) AS counted_apart,
    sum(m.submitted) AS submitted
FROM measured AS m
JOIN rollup_period AS t ON m.of_year BETWEEN t.return_from AND t.return_to
CROSS JOIN rollup_asked AS q
WHERE m.year <= m.of_year AND m.year > m.of_year - q.span
GROUP BY m.measure, t.period, m.figures_kind, m.funding_kind
