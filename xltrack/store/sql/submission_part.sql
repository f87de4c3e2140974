-- What came, part by part and set by set, before anybody looks into the rows. The submissions of one number and kind form
-- a set of parts, named by the smallest of their hashes (`set_id`); all are taken into account but copies of the same
-- content (`ordinal` > 1) and those known to be outdone (`beaten`: another content of the same part came later).
--   flaw    same_number: contents of one part, and no arrival tells which came later
--           parts_missing | parts_disagree: the set is not complete, or its parts contradict one another
--   whole   every part was accepted as it came, so that no row of the set was left out
CREATE TEMP TABLE IF NOT EXISTS submission_part (
    sha256 VARCHAR, form VARCHAR, unit_code VARCHAR, year BIGINT, period_kind VARCHAR, submission_no BIGINT,
    submission_kind VARCHAR, part_no BIGINT, part_count BIGINT, received_at TIMESTAMP, verdict VARCHAR, ordinal BIGINT,
    beaten BOOLEAN, set_id VARCHAR
);

CREATE TEMP TABLE IF NOT EXISTS submission_set (
    set_id VARCHAR, form VARCHAR, unit_code VARCHAR, year BIGINT, period_kind VARCHAR, submission_no BIGINT,
    submission_kind VARCHAR, parts BIGINT, flaw VARCHAR, whole BOOLEAN, first_part TIMESTAMP, last_part TIMESTAMP
);

DELETE FROM submission_part;

DELETE FROM submission_set;

INSERT INTO submission_part
WITH copy AS (
    SELECT
        sha256, form, unit_code, year, period_kind, submission_no, submission_kind, part_no, part_count, received_at,
        verdict,
        row_number() OVER (
            PARTITION BY form, unit_code, year, period_kind, content_sha256 ORDER BY received_at NULLS LAST, sha256
        ) AS ordinal
    FROM known_submission
    WHERE verdict IN ('accepted', 'partial')
),
judged AS (
    SELECT
        *,
        coalesce(received_at < max(received_at) FILTER (ordinal = 1) OVER (
            PARTITION BY form, unit_code, year, period_kind, submission_no, submission_kind, part_no
        ), FALSE) AS beaten
    FROM copy
)
SELECT
    *,
    min(sha256) FILTER (ordinal = 1 AND NOT beaten) OVER (
        PARTITION BY form, unit_code, year, period_kind, submission_no, submission_kind
    ) AS set_id
FROM judged;

INSERT INTO submission_set
SELECT
    set_id, form, unit_code, year, period_kind, submission_no, submission_kind,
    count(*) AS parts,
    CASE
        WHEN count(*) > count(DISTINCT part_no) THEN 'same_number'
        WHEN min(part_count) <> max(part_count) OR min(part_no) < 1 OR max(part_no) > max(part_count)
            THEN 'parts_disagree'
        WHEN count(*) < max(part_count) THEN 'parts_missing'
    END AS flaw,
    bool_and(verdict = 'accepted') AS whole,
    CASE WHEN count(*) = count(received_at) THEN min(received_at) END AS first_part,
    CASE WHEN count(*) = count(received_at) THEN max(received_at) END AS last_part
FROM submission_part
WHERE ordinal = 1 AND NOT beaten
GROUP BY set_id, form, unit_code, year, period_kind, submission_no, submission_kind;
