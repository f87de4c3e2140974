-- Which submissions make up the returns as they stand, small and ready for joining; filled after submission_state and
-- like it in memory only. `step` orders what is laid over what: the base is 0.
-- `file_no` stands for the hash where millions of rows are asked which file they are of, and `entry_no` finds these rows.
CREATE TEMP TABLE IF NOT EXISTS current_submission AS
SELECT
    sha256, form, unit_code, year, period_kind, figures_kind, nil_report, received_at, submission_no, part_no, state,
    0::BIGINT AS step, 0::INTEGER AS file_no, entry_no
FROM known_submission
JOIN submission_state USING (sha256)
LIMIT 0;

DELETE FROM current_submission;

INSERT INTO current_submission
SELECT
    sha256, form, unit_code, year, period_kind, figures_kind, nil_report, received_at, submission_no, part_no, state,
    CASE state WHEN 'current' THEN 0 ELSE 1 + submission_no END, row_number() OVER (ORDER BY sha256), entry_no
FROM known_submission
JOIN submission_state USING (sha256)
WHERE state IN ('current', 'correction');
