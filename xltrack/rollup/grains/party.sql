-- One row per tax code of the whole country: its legal form as stated last (else by its length: twelve digits are a
-- household's, Circular 86/2024/TT-BTC), the first year in which it was supported, as stated or as seen, and whether it was
-- supported in several places.
WITH stated AS (
    SELECT
        party_id,
        max_by(
            legal_form,
            CAST(return_year * 1000 + 999 - ordinal AS DECIMAL(38, 0)) * 100000000000000
                - coalesce(TRY_CAST(replace(tax_code, '-', '') AS BIGINT) * CASE length(tax_code) WHEN 14 THEN 1 ELSE 1000 END, 0)
        ) FILTER (WHERE legal_form IS NOT NULL) AS legal_form,
        min(first_supported_year) AS first_year
    FROM rollup_enterprise
    GROUP BY party_id
),
seen AS (
    SELECT
        party_id,
        min(CASE WHEN counted THEN return_year END) AS first_year,
        min(CASE WHEN counted THEN spot_no END) < max(CASE WHEN counted THEN spot_no END) AS is_wide
    FROM rollup_application
    GROUP BY party_id
)
SELECT
    coalesce(s.party_id, n.party_id) AS party_id,
    coalesce(
        s.legal_form, CASE WHEN length(coalesce(s.party_id, n.party_id)) = 12 THEN 'household' ELSE 'enterprise' END
    ) AS legal_form,
    least(coalesce(s.first_year, n.first_year), coalesce(n.first_year, s.first_year)) AS first_year,
    coalesce(n.is_wide, FALSE) AS is_wide
FROM stated AS s
FULL JOIN seen AS n ON n.party_id = s.party_id
