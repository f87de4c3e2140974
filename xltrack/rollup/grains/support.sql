-- One row per tax code, period, kind of figures and place: the nation (`scope` nation), and the units of each view in
-- which it was supported. Its size and sector are those of the newest return that knows its size best, so that sizes
-- add up to the total.
WITH placed AS (
    SELECT
        t.period, t.first_year AS period_from, t.last_year AS period_to, c.figures_kind, s.scope,
        CASE s.scope WHEN '63' THEN c.unit63 WHEN '34' THEN c.unit34 WHEN 'reported' THEN c.return_unit END AS unit_code,
        c.party_id, c.legal_form, c.first_year, c.pilot, c.rank
    FROM rollup_counted AS c
    JOIN rollup_period AS t ON c.return_year BETWEEN t.return_from AND t.return_to
    CROSS JOIN (SELECT DISTINCT scope FROM rollup_scope) AS s
)
SELECT
    period, figures_kind, scope, unit_code, party_id,
    any_value(legal_form) AS legal_form,
    max(pilot) AS pilot,
    max(rank) % 100000 AS look_no,
    max(CASE WHEN first_year BETWEEN period_from AND period_to THEN 1 ELSE 0 END) AS first_time
FROM placed
GROUP BY period, figures_kind, scope, unit_code, party_id
