-- Funding added up straight from the current rows, and again from the rows of the submissions they came from.
WITH line AS (
    SELECT
        f.return_year, r.figures_kind, f.figure_kind AS funding_kind, f.amount, f._submission, f._sheet, f._row
    FROM current_funding AS f
    JOIN rollup_report AS r
        ON r.return_unit = f.return_unit AND r.return_year = f.return_year AND r.return_period = f.return_period
    WHERE f.year BETWEEN r.first_year AND r.last_year
),
source AS (
    SELECT DISTINCT return_year, figures_kind, _submission, _sheet, _row FROM line
),
submitted AS (
    SELECT s.return_year, s.figures_kind, f.figure_kind AS funding_kind, CAST(sum(f.amount) AS BIGINT) AS amount
    FROM source AS s
    JOIN funding AS f ON f._submission = s._submission AND f._sheet = s._sheet AND f._row = s._row
    GROUP BY s.return_year, s.figures_kind, f.figure_kind
),
plain AS (
    SELECT return_year, figures_kind, funding_kind, CAST(sum(amount) AS BIGINT) AS amount
    FROM line
    GROUP BY return_year, figures_kind, funding_kind
)
SELECT
    t.period, p.figures_kind, p.funding_kind,
    CAST(sum(p.amount) AS BIGINT) AS plain,
    CAST(sum(s.amount) AS BIGINT) AS submitted
FROM plain AS p
JOIN submitted AS s
    ON s.return_year = p.return_year AND s.figures_kind = p.figures_kind AND s.funding_kind = p.funding_kind
JOIN rollup_period AS t ON p.return_year BETWEEN t.return_from AND t.return_to
GROUP BY t.period, p.figures_kind, p.funding_kind
