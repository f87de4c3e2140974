-- What every submission is worth now, from unit, round, number, part, arrival and rows alone, never from the order of
-- merging.
--
-- A return is a unit in a round. Its submissions are told apart by number; those of one number and kind form a set of
-- parts. The base of a return is its highest complete full set; complete corrections at or above it are laid over it.
--   current     part of the base                     correction  laid over the base
--   superseded  newer_number | later_arrival         duplicate   same_content
--   held        same_number | parts_missing | parts_disagree: the flaws of `submission_set`
--               parts_repeat | parts_dangle | parts_total: the parts put together, see `set_fault`
--               no_base: a correction of nothing     base_held: a correction of a full set that is held itself
--   rejected    the verdict that refused it
--
-- The table lives in memory only and is filled anew when the store is opened and after every merge, because every view
-- reads it; the file holds no state.
CREATE TEMP TABLE IF NOT EXISTS submission_state (sha256 VARCHAR, state VARCHAR, reason VARCHAR);

DELETE FROM submission_state;

INSERT INTO submission_state
WITH fault AS (
    SELECT set_id, 'parts_' || first(kind ORDER BY list_position(['repeat', 'dangle', 'total'], kind)) AS flaw
    FROM set_fault
    GROUP BY set_id
),
looked_into AS (
    SELECT s.* REPLACE (coalesce(s.flaw, f.flaw) AS flaw)
    FROM submission_set AS s
    LEFT JOIN fault AS f USING (set_id)
),
-- A correction that bears the number of the full set itself: arrival tells which came later, or neither wins.
rival AS (
    SELECT
        form, unit_code, year, period_kind, submission_no,
        coalesce(bool_and(last_part < other_first), FALSE) AS correction_first,
        coalesce(bool_and(first_part > other_last), FALSE) AS correction_last
    FROM (
        SELECT c.*, f.first_part AS other_first, f.last_part AS other_last
        FROM looked_into AS c
        JOIN looked_into AS f USING (form, unit_code, year, period_kind, submission_no)
        WHERE c.submission_kind = 'correction' AND f.submission_kind = 'full' AND c.flaw IS NULL AND f.flaw IS NULL
    )
    GROUP BY ALL
),
sound_set AS (
    SELECT
        s.* REPLACE (
            CASE
                WHEN NOT (r.correction_first OR r.correction_last) AND s.flaw IS NULL THEN 'same_number'
                ELSE s.flaw
            END AS flaw
        ),
        coalesce(r.correction_first, FALSE) AND s.submission_kind = 'correction' AS before_its_base
    FROM looked_into AS s
    LEFT JOIN rival AS r USING (form, unit_code, year, period_kind, submission_no)
),
based AS (
    SELECT
        *,
        max(submission_no) FILTER (WHERE submission_kind = 'full' AND flaw IS NULL) OVER (
            PARTITION BY form, unit_code, year, period_kind
        ) AS base_no
    FROM sound_set
),
limited AS (
    SELECT
        *,
        min(submission_no) FILTER (
            WHERE submission_kind = 'full' AND flaw IS NOT NULL AND submission_no > coalesce(base_no, -1)
        ) OVER (PARTITION BY form, unit_code, year, period_kind) AS held_no
    FROM based
),
set_state AS (
    SELECT
        set_id,
        CASE
            WHEN submission_no < base_no OR before_its_base THEN ('superseded', 'newer_number')
            WHEN flaw IS NOT NULL THEN ('held', flaw)
            WHEN submission_kind = 'full' THEN ('current', NULL)
            WHEN submission_no >= held_no THEN ('held', 'base_held')
            WHEN base_no IS NULL THEN ('held', 'no_base')
            ELSE ('correction', NULL)
        END AS judged
    FROM limited
)
SELECT sha256, judged[1] AS state, judged[2] AS reason
FROM submission_part
JOIN set_state USING (set_id)
WHERE ordinal = 1 AND NOT beaten
UNION ALL
SELECT sha256, 'superseded', 'later_arrival' FROM submission_part WHERE ordinal = 1 AND beaten
UNION ALL
SELECT sha256, 'duplicate', 'same_content' FROM submission_part WHERE ordinal > 1
UNION ALL
SELECT sha256, CASE WHEN verdict = 'held' THEN 'held' ELSE 'rejected' END, verdict
FROM known_submission
WHERE verdict NOT IN ('accepted', 'partial');
