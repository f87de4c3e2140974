-- The same with what is known of each.
SELECT
    c.bit, c.spot_no, c.party_id, c.pilot, c.rank,
    p.legal_form, p.first_year, p.is_wide, p.years, p.pilot_years
FROM rollup_counted AS c
JOIN rollup_party AS p ON p.party_id = c.party_id
