-- Views over the current submissions that do not depend on the sheets of the form.

-- One row per return, of what its files say. An estimate in any part makes the return an estimate.
CREATE OR REPLACE TEMP VIEW stated_return AS
SELECT
    form, unit_code, year, period_kind,
    CASE WHEN min(figures_kind) = max(figures_kind) THEN min(figures_kind) ELSE 'estimate' END AS figures_kind,
    bool_and(coalesce(nil_report, FALSE)) AS nil_report,
    CASE WHEN count(*) = count(received_at) THEN max(received_at) END AS received_at,
    min(submission_no) AS submission_no,
    list(sha256 ORDER BY step, part_no, sha256) AS submissions
FROM current_submission
GROUP BY form, unit_code, year, period_kind;

-- The same, with its punctuality. `received_at` is when the last of what counts came, corrections too; `on_time` asks
-- when any number of it was first complete, so that neither a later replacement makes a punctual unit late, nor a later
-- part that counts the parts differently. What is held has never counted and decides nothing. It is null where an arrival is not known. The last day on time counts in full in Hà Nội ($hanoi_hours
-- hours before UTC).
CREATE OR REPLACE TEMP VIEW "return" AS
WITH first_part AS (
    SELECT form, unit_code, year, period_kind, submission_no, part_no, part_count, min(received_at) AS received_at
    FROM known_submission
    JOIN submission_state USING (sha256)
    WHERE verdict IN ('accepted', 'partial') AND submission_kind = 'full' AND state <> 'held'
        AND reason IS DISTINCT FROM 'later_held'
    GROUP BY form, unit_code, year, period_kind, submission_no, part_no, part_count
),
complete AS (
    SELECT form, unit_code, year, period_kind, submission_no,
        CASE WHEN count(*) = count(received_at) THEN max(received_at) END AS received_at
    FROM first_part
    GROUP BY form, unit_code, year, period_kind, submission_no, part_count
    HAVING count(*) = part_count
),
punctual AS (
    SELECT
        form, unit_code, year, period_kind,
        min(c.received_at) AS first_received_at,
        CASE
            WHEN bool_or(CAST(c.received_at + INTERVAL $hanoi_hours HOUR AS DATE) <= r.on_time_until) THEN TRUE
            WHEN count(*) = count(c.received_at) AND min(r.on_time_until) IS NOT NULL THEN FALSE
        END AS on_time
    FROM complete AS c
    LEFT JOIN "round" AS r USING (year, period_kind)
    GROUP BY form, unit_code, year, period_kind
)
SELECT
    s.unit_code, s.year, s.period_kind, s.figures_kind, s.nil_report, s.received_at, p.first_received_at, p.on_time,
    s.submission_no, s.submissions, s.form
FROM stated_return AS s
LEFT JOIN punctual AS p USING (form, unit_code, year, period_kind);

-- A province and one of those it was made of, both with a current return in the same round: XLT605. Ministries that
-- took in others existed beside them before, so both may have reported.
CREATE OR REPLACE TEMP VIEW double_cover AS
SELECT s.year, s.period_kind, s.unit_code AS successor, p.unit_code AS predecessor
FROM stated_return AS p
JOIN unit ON unit.code = p.unit_code AND unit.kind = 'province'
JOIN stated_return AS s
    ON s.unit_code = unit.successor AND s.year = p.year AND s.period_kind = p.period_kind AND s.form = p.form;

-- The received files with their bytes: none where they were removed.
CREATE OR REPLACE TEMP VIEW original AS
SELECT sha256, sum(octet_length(content))::BIGINT AS size
FROM original_piece
GROUP BY sha256;
