-- Every unit expected in the round $year, $period, in official order, with what stands of its return.
--
-- A province whose own return has not come is reported for by those it was made of, once all of them have sent.
--   on_time | late | received   a return stands ("received": the arrival is not known); its first submission that was
--                               accepted says which, so that a later one does not make a punctual unit late
--   incomplete                  some of its predecessors have sent, it itself has not
--   held | rejected | missing   files have come but none counts; or nothing has come
WITH sender AS (
    SELECT unit_code AS expected, unit_code AS sender, TRUE AS own
    FROM expected
    WHERE year = $year AND period_kind = $period
    UNION ALL
    SELECT e.unit_code, p.code, FALSE
    FROM expected AS e
    JOIN unit AS p ON p.successor = e.unit_code
    WHERE e.year = $year AND e.period_kind = $period AND e.kind = 'province' AND p.kind = 'province'
),
sent AS (
    SELECT s.expected, s.own, s.sender, r.unit_code IS NOT NULL AS reported, r.nil_report, r.on_time, r.received_at,
        r.first_received_at, r.submissions
    FROM sender AS s
    LEFT JOIN "return" AS r ON r.unit_code = s.sender AND r.year = $year AND r.period_kind = $period
),
answered AS (
    SELECT
        expected,
        bool_or(reported AND own) AS by_itself,
        coalesce(bool_and(reported) FILTER (WHERE NOT own), FALSE) AS by_predecessors,
        bool_or(reported) AS by_some
    FROM sent
    GROUP BY expected
),
-- The returns that count for the unit: its own alone, where there is one.
counted AS (
    SELECT s.*
    FROM sent AS s
    JOIN answered AS a USING (expected)
    WHERE s.reported AND (s.own OR NOT a.by_itself)
),
standing AS (
    SELECT
        expected,
        list(sender ORDER BY sender) AS senders,
        flatten(list(submissions ORDER BY sender)) AS submissions,
        bool_and(nil_report) AS nil_report,
        CASE WHEN count(*) = count(received_at) THEN max(received_at) END AS received_at,
        CASE WHEN count(*) = count(first_received_at) THEN max(first_received_at) END AS first_received_at,
        CASE WHEN bool_or(NOT on_time) THEN FALSE WHEN count(*) = count(on_time) THEN TRUE END AS on_time
    FROM counted
    GROUP BY expected
),
waiting AS (
    SELECT
        s.expected,
        count(*) FILTER (WHERE t.state = 'held') AS held,
        count(*) FILTER (WHERE t.state = 'rejected') AS rejected,
        list(t.sha256) FILTER (WHERE t.state = 'held') AS held_submissions,
        max_by(t.sha256, (coalesce(b.received_at, b.merged_at), t.sha256)) FILTER (WHERE t.state = 'rejected') AS last_rejected
    FROM sender AS s
    JOIN known_submission AS b ON b.unit_code = s.sender AND b.year = $year AND b.period_kind = $period
    JOIN submission_state AS t USING (sha256)
    GROUP BY s.expected
),
judged AS (
    SELECT
        e.unit_code,
        e.ordinal,
        CASE
            WHEN a.by_some AND NOT (a.by_itself OR a.by_predecessors) THEN 'incomplete'
            WHEN a.by_some AND s.on_time THEN 'on_time'
            WHEN a.by_some AND NOT s.on_time THEN 'late'
            WHEN a.by_some THEN 'received'
            WHEN w.held > 0 THEN 'held'
            WHEN w.rejected > 0 THEN 'rejected'
            ELSE 'missing'
        END AS state,
        coalesce(s.nil_report, FALSE) AS nil_report,
        s.received_at,
        s.first_received_at,
        coalesce(s.senders, []) AS senders,
        coalesce(s.submissions, w.held_submissions, [w.last_rejected], []) AS considered,
        coalesce(w.held, 0) AS held,
        coalesce(w.rejected, 0) AS rejected
    FROM expected AS e
    JOIN answered AS a ON a.expected = e.unit_code
    LEFT JOIN standing AS s ON s.expected = e.unit_code
    LEFT JOIN waiting AS w ON w.expected = e.unit_code
    WHERE e.year = $year AND e.period_kind = $period
),
graded AS (
    SELECT
        j.unit_code,
        count(*) FILTER (WHERE f.severity = 'error') AS errors,
        count(*) FILTER (WHERE f.severity = 'warning') AS warnings,
        count(*) FILTER (WHERE f.code = 'XLT625') AS held_back
    FROM (SELECT unit_code, unnest(considered) AS sha256 FROM judged) AS j
    JOIN finding AS f ON f.submission = j.sha256
    GROUP BY j.unit_code
)
SELECT
    j.unit_code,
    u.name_vi,
    u.name_en,
    u.kind,
    j.state,
    j.nil_report,
    j.received_at,
    j.first_received_at,
    j.senders,
    [sha256 FOR sha256 IN j.considered IF sha256 IS NOT NULL] AS submissions,
    coalesce(g.errors, 0) AS errors,
    coalesce(g.warnings, 0) AS warnings,
    coalesce(g.held_back, 0) AS held_back,
    j.held,
    j.rejected
FROM judged AS j
JOIN unit AS u ON u.code = j.unit_code
LEFT JOIN graded AS g USING (unit_code)
ORDER BY j.ordinal;
