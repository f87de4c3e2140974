-- Enterprises, cooperatives, cooperative unions and households supported: distinct tax codes (Decision 1322/QĐ-TTg).
SELECT
    CASE legal_form
        WHEN 'enterprise' THEN 'enterprises_supported'
        WHEN 'cooperative' THEN 'cooperatives_supported'
        WHEN 'cooperative_union' THEN 'cooperative_unions_supported'
        ELSE 'households_supported'
    END AS measure,
    period, figures_kind, view, unit_code, size, size_sector, sector, 1 AS value
FROM rollup_support
UNION ALL
-- Supported for the first time in the period.
SELECT 'enterprises_first_supported', period, figures_kind, view, unit_code, size, size_sector, sector, 1
FROM rollup_support
WHERE legal_form = 'enterprise' AND first_time = 1
UNION ALL
-- Pilot models: at least 100 enterprises are to become one (Decision 1322/QĐ-TTg); others beside them.
SELECT
    CASE legal_form WHEN 'enterprise' THEN 'pilot_models' ELSE 'pilot_models_others' END,
    period, figures_kind, view, unit_code, size, size_sector, sector, 1
FROM rollup_support
WHERE pilot = 1
