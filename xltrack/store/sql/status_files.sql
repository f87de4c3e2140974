-- The files of the round $year, $period that need a person's eye, and those of which unit or round is not known: held,
-- rejected, and sent by a unit that was not expected. `expected` is false where neither the unit was nor, for a
-- province, its successor. A rejected file needs no eye any more once a return of its unit (or of the province that its
-- unit became) stands that has a higher number, or the same and did not come before it.
SELECT
    s.sha256,
    s.file_name,
    s.unit_code,
    s.verdict,
    t.state,
    t.reason,
    s.received_at,
    e.unit_code IS NOT NULL AS expected,
    u.code IS NOT NULL AS known,
    coalesce(f.codes, []) AS codes,
    coalesce(f.said_vi, '') AS said_vi,
    coalesce(f.said_en, '') AS said_en
FROM known_submission AS s
JOIN submission_state AS t USING (sha256)
LEFT JOIN unit AS u ON u.code = s.unit_code
LEFT JOIN expected AS e
    ON (e.unit_code = s.unit_code OR u.kind = 'province' AND e.unit_code = u.successor)
    AND e.year = $year AND e.period_kind = $period
LEFT JOIN (
    SELECT
        submission,
        list(code ORDER BY first_number) AS codes,
        arg_min(message_vi, first_number) AS said_vi,
        arg_min(message_en, first_number) AS said_en
    FROM (
        SELECT
            submission, code, min(number) AS first_number,
            arg_min(message_vi, number) AS message_vi, arg_min(message_en, number) AS message_en
        FROM finding
        WHERE severity = 'error'
        GROUP BY submission, code
    )
    GROUP BY submission
) AS f ON f.submission = s.sha256
WHERE (s.year = $year AND s.period_kind = $period OR s.year IS NULL OR s.unit_code IS NULL)
    AND (t.state IN ('held', 'rejected') OR e.unit_code IS NULL)
    AND NOT (t.state = 'rejected' AND EXISTS (
        SELECT 1
        FROM current_submission AS c
        WHERE c.year = s.year
            AND c.period_kind = s.period_kind
            AND (c.unit_code = s.unit_code OR u.kind = 'province' AND c.unit_code = u.successor)
            AND (
                c.submission_no > s.submission_no
                OR c.submission_no = s.submission_no AND coalesce(c.received_at >= s.received_at, TRUE)
            )
    ))
ORDER BY s.unit_code NULLS LAST, s.submission_no, s.part_no, s.file_name, s.sha256;
