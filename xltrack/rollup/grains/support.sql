-- Who was supported in a period, one row per tax code (or per `parties` that are alike), period and kind of figures, with its
-- place: that of the last year of the period in which it was, by bits. Those that ever stand in several places (`is_wide`,
-- few) have one row for the nation and for each unit, with their `scope` and `unit_code` instead of a place.
-- Size and sector are those of the newest return that knows its size best, so that sizes add up to the total.
WITH met AS (
    SELECT
        t.period, t.figures_kind, t.years AS period_years, c.*,
        CASE WHEN c.first_year BETWEEN t.first_year AND t.last_year THEN 1 ELSE 0 END AS first_time
    FROM rollup_supported AS c
    JOIN rollup_span AS t ON t.bit = c.bit
),
placed AS (
    SELECT
        m.*, s.scope,
        CASE s.scope WHEN '63' THEN p.unit63 WHEN '34' THEN p.unit34 WHEN 'reported' THEN p.return_unit END AS unit_code
    FROM met AS m
    JOIN rollup_site AS p ON p.spot_no = m.spot_no
    CROSS JOIN (SELECT DISTINCT scope FROM rollup_scope) AS s
    WHERE m.is_wide
)
SELECT
    period, figures_kind, CAST(NULL AS STRING) AS scope, NULL AS unit_code, spot_no, party_id, parties,
    legal_form, CASE WHEN (pilot_years & period_years) <> 0 THEN 1 ELSE 0 END AS pilot, rank % 100000 AS look_no, first_time
FROM met
WHERE NOT is_wide AND (years & period_years) < 2 * bit
UNION ALL
SELECT
    period, figures_kind, scope, unit_code, CAST(NULL AS BIGINT), party_id, min(parties),
    min(legal_form), max(pilot), max(rank) % 100000, max(first_time)
FROM placed
GROUP BY period, figures_kind, scope, unit_code, party_id
