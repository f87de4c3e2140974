-- What every submission is worth now, from unit, round, number, part, arrival and rows alone, never from the order of
-- merging.
--
-- A return is a unit in a round. Its submissions are told apart by number; those of one number and kind form sets of
-- parts, of which the last counts that has no flaw: what counted goes on counting until a later one can. The base of a
-- return is the full set of its highest number; corrections at or above that number are laid over it.
--   current     part of the base                     correction  laid over the base
--   superseded  newer_number | later_arrival         duplicate   same_content
--               later_held: by a later arrival that is held itself
--   held        same_number | parts_missing | parts_disagree: the flaws of `submission_set`
--               parts_repeat | parts_dangle | parts_total: the parts put together, see `set_fault`
--               no_base: a correction of nothing     base_held: a correction of a full set that is held itself: of one
--               that came before it; what counted before that one came goes on counting
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
-- A correction that bears the number of the full set itself, while both stood, and no arrival tells which came later.
clash AS (
    SELECT
        [c.set_id, f.set_id] AS sets, greatest(c.since, f.since) AS since, least(c.until, f.until) AS until
    FROM looked_into AS c
    JOIN looked_into AS f USING (form, unit_code, year, period_kind, submission_no)
    WHERE c.submission_kind = 'correction' AND f.submission_kind = 'full' AND c.flaw IS NULL AND f.flaw IS NULL
        AND NOT coalesce(c.last_part < f.first_part OR c.first_part > f.last_part, FALSE)
),
arrival AS (
    SELECT DISTINCT form, unit_code, year, period_kind, submission_no, since AS moment
    FROM submission_set
    QUALIFY isfinite(moment) OR NOT bool_or(isfinite(moment)) OVER (
        PARTITION BY form, unit_code, year, period_kind, submission_no
    )
),
seen AS (
    SELECT
        s.*, moment,
        flaw IS NULL AND NOT EXISTS (
            SELECT 1 FROM clash AS c WHERE set_id IN (SELECT unnest(c.sets)) AND moment >= c.since AND moment < c.until
        ) AS is_sound
    FROM looked_into AS s
    JOIN arrival USING (form, unit_code, year, period_kind, submission_no)
    WHERE moment >= s.since AND moment < s.until
),
numbered AS (
    SELECT
        form, unit_code, year, period_kind, submission_no, submission_kind,
        min(moment) AS first_moment,
        max_by(set_id, moment) AS last_set,
        max_by(set_id, moment) FILTER (is_sound) AS sound_set
    FROM seen
    GROUP BY form, unit_code, year, period_kind, submission_no, submission_kind
),
counted AS (
    SELECT
        n.*, s.since, s.first_part, s.last_part,
        CASE WHEN n.last_set IS DISTINCT FROM n.sound_set THEN coalesce(s.until, n.first_moment) END AS flawed_since,
        -- Of the full set of the same number, as it counts.
        max(s.first_part) FILTER (n.submission_kind = 'full') OVER one_number AS base_first,
        max(s.last_part) FILTER (n.submission_kind = 'full') OVER one_number AS base_last,
        bool_or(n.submission_kind = 'full' AND s.set_id IS NOT NULL) OVER one_number AS has_base
    FROM numbered AS n
    LEFT JOIN submission_set AS s ON s.set_id = n.sound_set
    WINDOW one_number AS (PARTITION BY n.form, n.unit_code, n.year, n.period_kind, n.submission_no)
),
placed AS (
    SELECT
        * REPLACE (
            CASE WHEN is_beside AND NOT (is_before OR is_after) THEN NULL ELSE sound_set END AS sound_set,
            CASE WHEN is_beside AND NOT (is_before OR is_after) THEN NULL ELSE since END AS since
        ),
        is_beside AND is_before AS before_its_base
    FROM (
        SELECT
            *,
            submission_kind = 'correction' AND sound_set IS NOT NULL AND has_base AS is_beside,
            coalesce(last_part < base_first, FALSE) AS is_before,
            coalesce(first_part > base_last, FALSE) AS is_after
        FROM counted
    )
),
based AS (
    SELECT
        *,
        max(submission_no) FILTER (WHERE submission_kind = 'full' AND sound_set IS NOT NULL) OVER (
            PARTITION BY form, unit_code, year, period_kind
        ) AS base_no
    FROM placed
),
limited AS (
    SELECT
        *,
        EXISTS (
            SELECT 1
            FROM based AS f
            WHERE f.submission_kind = 'full' AND f.flawed_since IS NOT NULL
                AND (f.form, f.unit_code, f.year, f.period_kind) = (b.form, b.unit_code, b.year, b.period_kind)
                AND f.submission_no BETWEEN coalesce(b.base_no, -1) AND b.submission_no
                AND NOT (b.base_no IS NOT NULL AND coalesce(b.last_part < f.flawed_since, FALSE))
        ) AS is_base_held
    FROM based AS b
),
filed AS (
    SELECT
        p.sha256, p.received_at, l.*, f.flaw, s.set_id IS NOT NULL AS is_sound, t.set_id IS NOT NULL AS is_last
    FROM limited AS l
    JOIN submission_part AS p USING (form, unit_code, year, period_kind, submission_no, submission_kind)
    JOIN looked_into AS f ON f.set_id = l.last_set
    LEFT JOIN set_part AS s ON s.set_id = l.sound_set AND s.sha256 = p.sha256
    LEFT JOIN set_part AS t ON t.set_id = l.last_set AND t.sha256 = p.sha256
    WHERE p.ordinal = 1
),
judged AS (
    SELECT
        sha256,
        CASE
            WHEN NOT (is_sound OR is_last) AND (submission_no < base_no OR received_at < since)
                THEN ('superseded', 'later_arrival')
            WHEN NOT (is_sound OR is_last) THEN ('superseded', 'later_held')
            WHEN submission_no < base_no THEN ('superseded', 'newer_number')
            WHEN NOT is_sound THEN ('held', coalesce(flaw, 'same_number'))
            WHEN before_its_base THEN ('superseded', 'newer_number')
            WHEN submission_kind = 'full' THEN ('current', NULL)
            WHEN is_base_held THEN ('held', 'base_held')
            WHEN base_no IS NULL THEN ('held', 'no_base')
            ELSE ('correction', NULL)
        END AS judged
    FROM filed
)
SELECT sha256, judged[1] AS state, judged[2] AS reason
FROM judged
UNION ALL
SELECT sha256, 'duplicate', 'same_content' FROM submission_part WHERE ordinal > 1
UNION ALL
SELECT sha256, CASE WHEN verdict = 'held' THEN 'held' ELSE 'rejected' END, verdict
FROM known_submission
WHERE verdict NOT IN ('accepted', 'partial');
