-- One row per tax code of the whole country: its legal form as stated last (else by its length: twelve digits, or more where
-- codes are numbers, are a household's, Circular 86/2024/TT-BTC), the first year in which it was supported, as stated or as
-- seen, whether it was supported in several places, and in which years, and as a pilot model, as bits.
WITH stated AS (
    SELECT party_id, min(first_supported_year) AS first_year
    FROM (
        SELECT party_id, first_supported_year FROM rollup_enterprise
        UNION ALL
        SELECT party_id, NULL FROM rollup_applicant WHERE place_no IS NULL
    ) AS named
    GROUP BY party_id
),
-- Whoever is an enterprise in every row is one. Of all others the last form must be found: of the newest return, and in
-- it of the head office.
other AS (
    SELECT e.party_id FROM rollup_enterprise AS e CROSS JOIN rollup_word AS w WHERE e.legal_form IS DISTINCT FROM w.enterprise
    UNION
    SELECT party_id FROM rollup_applicant WHERE place_no IS NULL
),
ranked AS (
    SELECT e.party_id, e.legal_form, rank() OVER (PARTITION BY e.party_id ORDER BY r.standing DESC, e.branch) AS choice
    FROM rollup_enterprise AS e
    JOIN rollup_report AS r ON r.return_no = e.return_no
    WHERE e.legal_form IS NOT NULL AND e.party_id IN (SELECT party_id FROM other)
),
chosen AS (
    SELECT
        o.party_id,
        coalesce(
            min(r.legal_form),
            CASE WHEN length(CAST(o.party_id AS STRING)) >= 12 THEN min(w.household) ELSE min(w.enterprise) END
        ) AS legal_form
    FROM other AS o
    CROSS JOIN rollup_word AS w
    LEFT JOIN ranked AS r ON r.party_id = o.party_id AND r.choice = 1
    GROUP BY o.party_id
),
seen AS (
    SELECT
        party_id,
        -- A rank begins with four times the year, and twelve digits follow.
        CAST(floor(min(rank) / 4000000000000) AS BIGINT) AS first_year,
        min(spot_no) < max(spot_no) AS is_wide,
        bit_or(bit) AS years,
        bit_or(bit * pilot) AS pilot_years
    FROM rollup_counted
    GROUP BY party_id
)
SELECT
    s.party_id,
    coalesce(c.legal_form, w.enterprise) AS legal_form,
    least(coalesce(s.first_year, n.first_year), coalesce(n.first_year, s.first_year)) AS first_year,
    coalesce(n.is_wide, FALSE) AS is_wide,
    n.years, n.pilot_years
FROM stated AS s
CROSS JOIN rollup_word AS w
LEFT JOIN chosen AS c ON c.party_id = s.party_id
LEFT JOIN seen AS n ON n.party_id = s.party_id
