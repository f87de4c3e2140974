-- Enterprises and pilot models counted straight from the sheets, without any placement: what the figures must agree with.
-- `extra_63`, `extra_34`: by how much the sum over units exceeds the nation, because an enterprise stands in several.
WITH use AS (
    SELECT
        t.period, a.figures_kind, a.party_id, a.unit63, a.unit34, a.pilot
    FROM rollup_application AS a
    JOIN rollup_party AS p ON p.party_id = a.party_id AND p.legal_form = 'enterprise'
    JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to
    WHERE a.counted
),
what AS (
    SELECT 'enterprises_supported' AS measure, period, figures_kind, party_id, unit63, unit34 FROM use
    UNION ALL
    SELECT 'pilot_models', period, figures_kind, party_id, unit63, unit34 FROM use WHERE pilot = 1
),
party AS (
    SELECT
        measure, period, figures_kind, party_id,
        count(DISTINCT unit63) - 1 AS extra_63,
        count(DISTINCT unit34) - 1 AS extra_34
    FROM what
    GROUP BY measure, period, figures_kind, party_id
)
SELECT
    measure, period, figures_kind,
    count(*) AS plain,
    CAST(sum(extra_63) AS BIGINT) AS extra_63,
    CAST(sum(extra_34) AS BIGINT) AS extra_34
FROM party
GROUP BY measure, period, figures_kind
