-- Who was supported in a return, by the place of the enterprise: its applications that count, taken together.
SELECT
    c.return_year, c.figures_kind, c.spot_no, c.party_id, p.legal_form, p.first_year, p.is_wide, c.pilot, c.rank
FROM (
    SELECT r.return_year, r.figures_kind, a.spot_no, a.party_id, max(a.pilot) AS pilot, max(a.rank) AS rank
    FROM rollup_applied AS a
    JOIN rollup_report AS r ON r.return_no = a.return_no
    WHERE a.counted
    GROUP BY r.return_year, r.figures_kind, a.spot_no, a.party_id
) AS c
JOIN rollup_party AS p ON p.party_id = c.party_id
