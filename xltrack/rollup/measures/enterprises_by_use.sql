-- Enterprises by what they apply: an enterprise with two tools stands under both, so these do not add up to the total.
SELECT
    a.return_year AS year, a.figures_kind, a.unit63, a.unit34, a.return_unit, a.spot_no, a.programme, a.tool, a.task_group, a.size,
    a.party_id AS enterprises_supported,
    p.is_wide,
    a._file, a._row
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id AND p.legal_form = 'enterprise'
WHERE a.counted
