-- Every file that the units $units sent, round by round, as it stands now (or stood, in a store as of a day).
SELECT
    s.year, s.period_kind, s.unit_code, s.submission_no, s.submission_kind, s.part_no, s.part_count, s.figures_kind,
    s.received_at, s.verdict, t.state, t.reason, count(f.code) FILTER (WHERE f.severity = 'error') AS errors,
    count(f.code) FILTER (WHERE f.severity = 'warning') AS warnings,
    count(f.code) FILTER (WHERE f.code = 'XLT625') AS held_back, s.file_name, s.sha256
FROM known_submission AS s
JOIN submission_state AS t USING (sha256)
LEFT JOIN finding AS f ON f.submission = s.sha256
WHERE s.unit_code IN (SELECT unnest($units))
GROUP BY ALL
ORDER BY s.year, s.period_kind, s.unit_code, s.submission_no, s.received_at NULLS FIRST, s.part_no, s.sha256
