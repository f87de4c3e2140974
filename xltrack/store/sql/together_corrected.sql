-- The files of the returns, as they stand, over which corrections are laid and to which one of $asked belongs. The last
-- correction speaks of the totals; what a cover said before rows were corrected holds no more.
SELECT
    min(c.sha256) OVER one_return AS set_id,
    c.sha256,
    c.entry_no,
    row_number() OVER (one_return ORDER BY c.step, c.part_no, c.sha256) AS ordinal,
    bool_and(s.verdict = 'accepted') OVER one_return AS is_whole,
    c.step = max(c.step) OVER one_return AS speaks
FROM current_submission AS c
JOIN submission AS s USING (sha256)
WHERE (c.form, c.unit_code, c.year, c.period_kind) IN (
    SELECT (form, unit_code, year, period_kind)
    FROM current_submission
    GROUP BY form, unit_code, year, period_kind
    HAVING max(step) > 0 AND bool_or(sha256 IN (SELECT unnest($asked)))
)
WINDOW one_return AS (PARTITION BY c.form, c.unit_code, c.year, c.period_kind)
