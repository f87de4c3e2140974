-- One row per tax code, period, kind of figures and view, once for the nation (unit_code null) and once per unit in
-- which it was supported. Its size and sector are those of the newest return that knows its size best, so that sizes
-- add up to the total.
WITH placed AS (
    SELECT
        t.period, t.first_year AS period_from, t.last_year AS period_to, a.figures_kind, v.view,
        CASE v.view WHEN '63' THEN a.unit63 WHEN '34' THEN a.unit34 ELSE a.return_unit END AS unit_code,
        a.party_id, a.size, a.size_sector, a.sector, a.pilot, a.return_year, a.size_known, a.ordinal, a.tax_code
    FROM rollup_application AS a
    JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to
    CROSS JOIN rollup_view AS v
    WHERE a.counted
),
ranked AS (
    SELECT
        *,
        max(pilot) OVER (PARTITION BY period, figures_kind, view, party_id) AS pilot_in_nation,
        max(pilot) OVER (PARTITION BY period, figures_kind, view, unit_code, party_id) AS pilot_in_unit,
        row_number() OVER (
            PARTITION BY period, figures_kind, view, party_id
            ORDER BY return_year DESC, size_known DESC, ordinal, tax_code, size, sector
        ) AS in_nation,
        row_number() OVER (
            PARTITION BY period, figures_kind, view, unit_code, party_id
            ORDER BY return_year DESC, size_known DESC, ordinal, tax_code, size, sector
        ) AS in_unit
    FROM placed
),
scoped AS (
    SELECT
        period, period_from, period_to, figures_kind, view, CAST(NULL AS VARCHAR) AS unit_code, party_id,
        size, size_sector, sector, pilot_in_nation AS pilot
    FROM ranked
    WHERE in_nation = 1
    UNION ALL
    SELECT
        period, period_from, period_to, figures_kind, view, unit_code, party_id,
        size, size_sector, sector, pilot_in_unit AS pilot
    FROM ranked
    WHERE in_unit = 1
)
SELECT
    s.period, s.figures_kind, s.view, s.unit_code, s.party_id, s.size, s.size_sector, s.sector, s.pilot, p.legal_form,
    CASE WHEN p.first_year BETWEEN s.period_from AND s.period_to THEN 1 ELSE 0 END AS first_time
FROM scoped AS s
JOIN rollup_party AS p ON p.party_id = s.party_id
