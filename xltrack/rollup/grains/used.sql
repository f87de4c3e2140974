-- One row per application that counts of an enterprise, in numbers, with its size. `is_wide`: the enterprise is supported in
-- several places. Those who are no enterprises, or stand in several places, are few: all others need not be looked up.
WITH other AS (
    SELECT party_id, CASE WHEN legal_form = 'enterprise' THEN TRUE ELSE FALSE END AS is_enterprise
    FROM rollup_party
    WHERE legal_form <> 'enterprise' OR is_wide
)
SELECT
    a.return_no, r.bit, a.spot_no, a.party_id, a.programme, a.tool, a.task_group, l.size,
    o.party_id IS NOT NULL AS is_wide,
    a._file, a._row
FROM rollup_applied AS a
JOIN rollup_report AS r ON r.return_no = a.return_no
JOIN rollup_look AS l ON l.look_no = a.look_no
LEFT JOIN other AS o ON o.party_id = a.party_id
WHERE a.counted AND coalesce(o.is_enterprise, TRUE)
