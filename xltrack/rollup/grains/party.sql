-- One row per tax code of the whole country: its legal form as stated last (else by its length: twelve digits are a
-- household's, Circular 86/2024/TT-BTC), and the first year in which it was supported, as stated or as seen.
WITH stated AS (
    SELECT
        party_id,
        legal_form,
        row_number() OVER (
            PARTITION BY party_id
            ORDER BY CASE WHEN legal_form IS NULL THEN 1 ELSE 0 END, return_year DESC, ordinal, tax_code
        ) AS choice
    FROM rollup_enterprise
),
known AS (
    SELECT party_id, min(first_supported_year) AS first_year FROM rollup_enterprise GROUP BY party_id
),
seen AS (
    SELECT party_id, min(return_year) AS first_year FROM rollup_application WHERE counted GROUP BY party_id
),
everybody AS (
    SELECT party_id FROM rollup_enterprise UNION SELECT party_id FROM rollup_application
)
SELECT
    b.party_id,
    coalesce(s.legal_form, CASE WHEN length(b.party_id) = 12 THEN 'household' ELSE 'enterprise' END) AS legal_form,
    least(coalesce(k.first_year, n.first_year), coalesce(n.first_year, k.first_year)) AS first_year
FROM everybody AS b
LEFT JOIN stated AS s ON s.party_id = b.party_id AND s.choice = 1
LEFT JOIN known AS k ON k.party_id = b.party_id
LEFT JOIN seen AS n ON n.party_id = b.party_id
