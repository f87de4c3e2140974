-- Who was supported in a return, by the place of the enterprise: its applications that count, taken together.
SELECT
    c.return_year, c.figures_kind, c.spot_no, c.party_id, p.legal_form, p.first_year, p.is_wide, c.pilot, c.rank
FROM (
    SELECT return_year, figures_kind, spot_no, party_id, max(pilot) AS pilot, max(rank) AS rank
    FROM rollup_application
    WHERE counted
    GROUP BY return_year, figures_kind, spot_no, party_id
) AS c
JOIN rollup_party AS p ON p.party_id = c.party_id
