-- Enterprises, cooperatives, cooperative unions and households supported: distinct tax codes (Decision 1322/QĐ-TTg).
-- First supported: supported for the first time in the period. Pilot models: at least 100 enterprises are to become one
-- (the same Decision); others beside them.
SELECT
    s.period, s.figures_kind, v.view,
    CASE
        WHEN s.scope IS NOT NULL THEN s.unit_code
        WHEN v.scope = '63' THEN p.unit63
        WHEN v.scope = '34' THEN p.unit34
        WHEN v.scope = 'reported' THEN p.return_unit
    END AS unit_code,
    l.size, l.size_sector, l.sector,
    CASE WHEN s.legal_form = 'enterprise' THEN s.parties END AS enterprises_supported,
    CASE WHEN s.legal_form = 'cooperative' THEN s.parties END AS cooperatives_supported,
    CASE WHEN s.legal_form = 'cooperative_union' THEN s.parties END AS cooperative_unions_supported,
    CASE WHEN s.legal_form NOT IN ('enterprise', 'cooperative', 'cooperative_union') THEN s.parties END
        AS households_supported,
    CASE WHEN s.legal_form = 'enterprise' AND s.first_time = 1 THEN s.parties END AS enterprises_first_supported,
    CASE WHEN s.legal_form = 'enterprise' AND s.pilot = 1 THEN s.parties END AS pilot_models,
    CASE WHEN s.legal_form <> 'enterprise' AND s.pilot = 1 THEN s.parties END AS pilot_models_others,
    s.party_id
FROM rollup_support AS s
JOIN rollup_look AS l ON l.look_no = s.look_no
LEFT JOIN rollup_site AS p ON p.spot_no = s.spot_no
JOIN rollup_scope AS v ON v.scope = coalesce(s.scope, v.scope)
