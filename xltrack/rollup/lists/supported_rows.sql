-- Rows of applications by which somebody is supported, under the measures of enterprises.sql in which they count; whose
-- support began with a row counts there as supported for the first time.
SELECT
    a.return_year AS year, a.figures_kind, a.unit63, a.unit34, a.tool,
    CASE WHEN p.legal_form = 'enterprise' THEN 1 END AS enterprises_supported,
    CASE WHEN p.legal_form = 'cooperative' THEN 1 END AS cooperatives_supported,
    CASE WHEN p.legal_form = 'cooperative_union' THEN 1 END AS cooperative_unions_supported,
    CASE WHEN p.legal_form NOT IN ('enterprise', 'cooperative', 'cooperative_union') THEN 1 END AS households_supported,
    CASE WHEN p.legal_form = 'enterprise' AND p.first_year = a.return_year THEN 1 END AS enterprises_first_supported,
    CASE WHEN p.legal_form = 'enterprise' AND a.pilot = 1 THEN 1 END AS pilot_models,
    CASE WHEN p.legal_form <> 'enterprise' AND a.pilot = 1 THEN 1 END AS pilot_models_others,
    a._file, a._row
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id
WHERE a.counted
