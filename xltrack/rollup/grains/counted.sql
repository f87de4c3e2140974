-- Who was supported in a return, by the place of the enterprise: its applications that count, taken together.
SELECT
    a.return_year, a.figures_kind,
    any_value(a.unit63) AS unit63,
    any_value(a.unit34) AS unit34,
    any_value(a.return_unit) AS return_unit,
    a.party_id,
    any_value(p.legal_form) AS legal_form,
    any_value(p.first_year) AS first_year,
    any_value(p.is_wide) AS is_wide,
    max(a.pilot) AS pilot,
    max(a.rank) AS rank
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id
WHERE a.counted
GROUP BY a.return_year, a.figures_kind, a.spot_no, a.party_id
