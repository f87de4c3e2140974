-- What became of the submissions $submissions, with what else was sent for the same return and number.
--   first: the file that brought the same content before   other: the files that rival this one
--   parts: the parts of this number that have come         successor, predecessors: those that both report
--   base_no, base_files: what counts of a newer number     later_files: those that came later for the same part
--   replaced: those that came earlier for that part        beside: the parts that are held with this one
--   standing_files: those that count while this one is held
--   held_set: the set held for its rows                    corrected_return: the return with corrections laid over it
-- A list has a name several times: a DISTINCT in each aggregate takes longer than all the rest.
WITH judged AS (
    SELECT
        submission.*, state, reason, set_id,
        format('{} ({}/{})', file_name, submission.part_no, submission.part_count) AS as_part
    FROM submission
    JOIN submission_state USING (sha256)
    LEFT JOIN (SELECT sha256, max_by(set_id, since) AS set_id FROM set_part GROUP BY sha256) USING (sha256)
)
SELECT
    s.sha256,
    any_value(s.verdict) AS verdict,
    any_value(s.state) AS state,
    any_value(s.reason) AS reason,
    min(o.file_name) FILTER (
        WHERE s.reason = 'same_content' AND o.content_sha256 = s.content_sha256 AND o.state <> 'duplicate'
    ) AS first,
    list(o.file_name) FILTER (
        WHERE s.reason = 'same_number' AND o.submission_no = s.submission_no AND o.reason = 'same_number'
    ) AS other,
    any_value(s.part_count) AS part_count,
    list(o.part_no) FILTER (
        WHERE o.submission_no = s.submission_no AND o.submission_kind = s.submission_kind
    ) AS parts,
    any_value(d.successor) FILTER (WHERE s.state = 'current') AS successor,
    list(d.predecessor) AS predecessors,
    min(o.submission_no) FILTER (
        WHERE o.state = 'current' AND (o.submission_no > s.submission_no OR s.reason = 'newer_number')
    ) AS base_no,
    list(o.file_name) FILTER (
        WHERE o.state = 'current' AND (o.submission_no > s.submission_no OR s.reason = 'newer_number')
    ) AS base_files,
    list(o.file_name) FILTER (
        WHERE s.reason IN ('later_arrival', 'later_held') AND o.submission_no = s.submission_no
            AND o.submission_kind = s.submission_kind AND o.part_no = s.part_no AND o.received_at > s.received_at
            AND coalesce(o.reason NOT IN ('later_arrival', 'later_held', 'same_content'), TRUE)
            AND CASE
                WHEN s.reason = 'later_held' THEN o.state = 'held'
                ELSE o.state <> 'held' OR o.reason IN ('no_base', 'base_held')
            END
    ) AS later_files,
    list({'at': o.received_at, 'file': o.file_name}) FILTER (
        WHERE s.state IN ('current', 'correction') AND o.submission_no = s.submission_no
            AND o.submission_kind = s.submission_kind AND o.part_no = s.part_no AND o.received_at < s.received_at
            AND o.reason = 'later_arrival'
    ) AS replaced,
    any_value(s.part_no) AS part_no,
    list(o.as_part) FILTER (
        WHERE s.reason = 'parts_disagree' AND o.state = 'held' AND o.set_id = s.set_id AND o.sha256 <> s.sha256
    ) AS beside,
    list(o.file_name) FILTER (
        WHERE s.state = 'held' AND o.state IN ('current', 'correction')
    ) AS standing_files,
    any_value(s.set_id) FILTER (WHERE s.reason IN ('parts_repeat', 'parts_dangle', 'parts_total')) AS held_set,
    CASE
        WHEN any_value(s.state) IN ('current', 'correction') AND bool_or(o.state = 'correction')
            THEN min(o.sha256) FILTER (WHERE o.state IN ('current', 'correction'))
    END AS corrected_return
FROM judged AS s
LEFT JOIN judged AS o
    ON o.form = s.form AND o.unit_code = s.unit_code AND o.year = s.year AND o.period_kind = s.period_kind
    AND o.verdict IN ('accepted', 'partial')
LEFT JOIN double_cover AS d
    ON s.unit_code IN (d.successor, d.predecessor) AND d.year = s.year AND d.period_kind = s.period_kind
WHERE s.sha256 IN (SELECT unnest($submissions))
GROUP BY s.sha256;
