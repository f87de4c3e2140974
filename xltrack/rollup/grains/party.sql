-- One row per tax code of the whole country: its legal form as stated last (else by its length: twelve digits are a
-- household's, Circular 86/2024/TT-BTC), the first year in which it was supported, as stated or as seen, and whether it was
-- supported in several places.
WITH stated AS (
    SELECT
        e.party_id,
        max_by(
            e.legal_form,
            CAST(r.return_year * 1000 + 999 - p.ordinal AS DECIMAL(38, 0)) * 100000000000000
                - coalesce(TRY_CAST(replace(e.tax_code, '-', '') AS BIGINT) * CASE length(e.tax_code) WHEN 14 THEN 1 ELSE 1000 END, 0)
        ) FILTER (WHERE e.legal_form IS NOT NULL) AS legal_form,
        min(e.first_supported_year) AS first_year
    FROM rollup_enterprise AS e
    JOIN rollup_report AS r ON r.return_no = e.return_no
    JOIN rollup_place AS p ON p.unit_code = r.return_unit
    GROUP BY e.party_id
),
seen AS (
    SELECT
        a.party_id,
        min(CASE WHEN a.counted THEN r.return_year END) AS first_year,
        min(CASE WHEN a.counted THEN a.spot_no END) < max(CASE WHEN a.counted THEN a.spot_no END) AS is_wide
    FROM rollup_applied AS a
    JOIN rollup_report AS r ON r.return_no = a.return_no
    GROUP BY a.party_id
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
