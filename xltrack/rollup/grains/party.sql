-- One row per tax code of the whole country: its legal form as stated last (else by its length: twelve digits, or more where
-- codes are numbers, are a household's, Circular 86/2024/TT-BTC), the first year in which it was supported, as stated or as
-- seen, whether it was supported in several places, and in which years, and as a pilot model, as bits.
WITH stated AS (
    SELECT party_id, min(legal_form) AS legal_form, max(legal_form) AS other_form, min(first_supported_year) AS first_year
    FROM (
        SELECT party_id, legal_form, first_supported_year FROM rollup_enterprise
        UNION ALL
        SELECT party_id, NULL, NULL FROM rollup_applied WHERE NOT listed
    ) AS named
    GROUP BY party_id
),
-- Only of those of whom several forms are stated the last must be found.
chosen AS (
    SELECT
        e.party_id,
        max_by(
            e.legal_form,
            r.standing * 100000000000000
                - coalesce(TRY_CAST(replace(e.tax_code, '-', '') AS BIGINT) * CASE length(e.tax_code) WHEN 14 THEN 1 ELSE 1000 END, 0)
        ) AS legal_form
    FROM rollup_enterprise AS e
    JOIN rollup_report AS r ON r.return_no = e.return_no
    WHERE e.legal_form IS NOT NULL AND e.party_id IN (SELECT party_id FROM stated WHERE legal_form <> other_form)
    GROUP BY e.party_id
),
seen AS (
    SELECT
        party_id,
        min(return_year) AS first_year,
        min(spot_no) < max(spot_no) AS is_wide,
        bit_or(bit) AS years,
        bit_or(bit * pilot) AS pilot_years
    FROM rollup_counted
    GROUP BY party_id
)
SELECT
    s.party_id,
    coalesce(
        c.legal_form, s.legal_form, CASE WHEN length(CAST(s.party_id AS STRING)) >= 12 THEN 'household' ELSE 'enterprise' END
    ) AS legal_form,
    least(coalesce(s.first_year, n.first_year), coalesce(n.first_year, s.first_year)) AS first_year,
    coalesce(n.is_wide, FALSE) AS is_wide,
    n.years, n.pilot_years
FROM stated AS s
LEFT JOIN chosen AS c ON c.party_id = s.party_id
LEFT JOIN seen AS n ON n.party_id = s.party_id
