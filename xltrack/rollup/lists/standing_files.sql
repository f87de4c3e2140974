-- The files that stand, from what each is worth: unit, year and kind of figures of its return, how many corrections the
-- return has, and whether and with which number it is one itself.
SELECT
    s.sha256, s.form, s.unit_code AS of_unit, s.year AS of_year,
    CASE j.state WHEN 'correction' THEN 1 ELSE 0 END AS is_correction,
    CASE j.state WHEN 'correction' THEN s.submission_no ELSE 0 END AS number,
    count(CASE j.state WHEN 'correction' THEN 1 END) OVER same_return AS corrections,
    CASE
        WHEN count(*) OVER same_return = count(CASE WHEN s.figures_kind = 'actual' THEN 1 END) OVER same_return
            THEN 'actual'
        ELSE 'estimate'
    END AS of_figures
FROM known_submission AS s
JOIN submission_state AS j ON j.sha256 = s.sha256
JOIN rollup_asked AS q ON q.period_kind = s.period_kind
WHERE j.state IN ('current', 'correction')
WINDOW same_return AS (PARTITION BY s.form, s.unit_code, s.year)
