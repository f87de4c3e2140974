-- The files of the round $year, $period that need a person's eye, and those of which unit or round is not known: held,
-- rejected, and sent by a unit that was not expected. `expected` is false where neither the unit was nor, for a
-- province, its successor.
SELECT
    s.sha256,
    s.file_name,
    s.unit_code,
    s.verdict,
    t.state,
    t.reason,
    s.received_at,
    e.unit_code IS NOT NULL AS expected,
    u.code IS NOT NULL AS known
FROM known_submission AS s
JOIN submission_state AS t USING (sha256)
LEFT JOIN unit AS u ON u.code = s.unit_code
LEFT JOIN expected AS e
    ON (e.unit_code = s.unit_code OR u.kind = 'province' AND e.unit_code = u.successor)
    AND e.year = $year AND e.period_kind = $period
WHERE (s.year = $year AND s.period_kind = $period OR s.year IS NULL OR s.unit_code IS NULL)
    AND (t.state IN ('held', 'rejected') OR e.unit_code IS NULL)
ORDER BY s.unit_code NULLS LAST, s.submission_no, s.part_no, s.file_name, s.sha256;
