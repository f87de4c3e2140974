-- What came, part by part and set by set, before anybody looks into the rows. The submissions of one number and kind are
-- the parts of one return; all are taken into account but copies of the same content (`ordinal` > 1). A later content of
-- a part takes the place of the earlier one, so that with every arrival there is another set: `submission_set` has each
-- of them with the time in which it was the last one, from `since` to before `until`, and `set_part` its files.
--   flaw    same_number: contents of one part, and no arrival tells which came later
--           parts_missing | parts_disagree: the set is not complete, or its parts contradict one another
--   whole   every part was accepted as it came, so that no row of the set was left out
-- If the arrival of one of the files is not known, neither is what stood before another came: there is one set, always.
CREATE TEMP TABLE IF NOT EXISTS submission_part (
    sha256 VARCHAR, form VARCHAR, unit_code VARCHAR, year BIGINT, period_kind VARCHAR, submission_no BIGINT,
    submission_kind VARCHAR, part_no BIGINT, part_count BIGINT, received_at TIMESTAMP, verdict VARCHAR, ordinal BIGINT
);

CREATE TEMP TABLE IF NOT EXISTS set_part (set_id VARCHAR, sha256 VARCHAR, since TIMESTAMP);

CREATE TEMP TABLE IF NOT EXISTS submission_set (
    set_id VARCHAR, form VARCHAR, unit_code VARCHAR, year BIGINT, period_kind VARCHAR, submission_no BIGINT,
    submission_kind VARCHAR, parts BIGINT, flaw VARCHAR, whole BOOLEAN, first_part TIMESTAMP, last_part TIMESTAMP,
    since TIMESTAMP, until TIMESTAMP
);

DELETE FROM submission_part;

DELETE FROM set_part;

DELETE FROM submission_set;

INSERT INTO submission_part
SELECT
    sha256, form, unit_code, year, period_kind, submission_no, submission_kind, part_no, part_count, received_at, verdict,
    row_number() OVER (
        PARTITION BY form, unit_code, year, period_kind, content_sha256 ORDER BY received_at NULLS LAST, sha256
    )
FROM known_submission
WHERE verdict IN ('accepted', 'partial');

INSERT INTO set_part
WITH file AS (
    SELECT
        * EXCLUDE (part_count, verdict, ordinal),
        bool_or(received_at IS NULL) OVER (
            PARTITION BY form, unit_code, year, period_kind, submission_no, submission_kind
        ) AS is_undated
    FROM submission_part
    WHERE ordinal = 1
),
arrival AS (
    SELECT DISTINCT
        form, unit_code, year, period_kind, submission_no, submission_kind,
        CASE WHEN is_undated THEN TIMESTAMP '-infinity' ELSE received_at END AS since
    FROM file
),
standing AS (
    SELECT *
    FROM file
    JOIN arrival USING (form, unit_code, year, period_kind, submission_no, submission_kind)
    WHERE is_undated OR received_at <= since
    QUALIFY received_at IS NULL OR received_at = max(received_at) OVER (
        PARTITION BY form, unit_code, year, period_kind, submission_no, submission_kind, since, part_no
    )
)
SELECT
    concat_ws(' ', min(sha256) OVER (
        PARTITION BY form, unit_code, year, period_kind, submission_no, submission_kind, since
    ), since),
    sha256,
    since
FROM standing;

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
    CASE WHEN count(*) = count(received_at) THEN max(received_at) END AS last_part,
    since,
    lead(since, 1, TIMESTAMP 'infinity') OVER (
        PARTITION BY form, unit_code, year, period_kind, submission_no, submission_kind ORDER BY since
    ) AS until
FROM set_part
JOIN submission_part USING (sha256)
GROUP BY set_id, form, unit_code, year, period_kind, submission_no, submission_kind, since;
