-- The rows of sheet $table that stand, with the unit, year and kind of figures of their return: from the rows of the
-- files and what each file is worth, without the views and grains that the figures are made from. Of the rows of one
-- key in a return those laid on last stand: the corrections lie over the base in the order of their numbers.
SELECT *
FROM (
    SELECT
        t.*, f.unit_code AS of_unit, f.year AS of_year, f.figures AS of_figures,
        rank() OVER (PARTITION BY f.form, f.unit_code, f.year, $key ORDER BY f.is_correction DESC, f.number DESC) AS place
    FROM $table AS t
    JOIN (
        SELECT
            s.sha256, s.form, s.unit_code, s.year,
            CASE j.state WHEN 'correction' THEN 1 ELSE 0 END AS is_correction,
            CASE j.state WHEN 'correction' THEN s.submission_no ELSE 0 END AS number,
            CASE
                WHEN count(*) OVER same_return = count(CASE WHEN s.figures_kind = 'actual' THEN 1 END) OVER same_return
                    THEN 'actual'
                ELSE 'estimate'
            END AS figures
        FROM known_submission AS s
        JOIN submission_state AS j ON j.sha256 = s.sha256
        JOIN rollup_asked AS q ON q.period_kind = s.period_kind
        WHERE j.state IN ('current', 'correction')
        WINDOW same_return AS (PARTITION BY s.form, s.unit_code, s.year)
    ) AS f ON f.sha256 = t._submission
) AS laid
WHERE place = 1
