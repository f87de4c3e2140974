-- The rows of sheet $table that stand, with the unit, year and kind of figures of their return: from the rows of the
-- files and what each file is worth, without the views and grains that the figures are made from. Of the rows of one
-- key in a return those laid on last stand: the corrections lie over the base in the order of their numbers. A return
-- without corrections stands as it is.
SELECT t.*, f.of_unit, f.of_year, f.of_figures
FROM $table AS t
JOIN rollup_standing AS f ON f.sha256 = t._submission AND f.corrections = 0
UNION ALL BY NAME
SELECT * EXCLUDE (place)
FROM (
    SELECT
        t.*, f.of_unit, f.of_year, f.of_figures,
        rank() OVER (PARTITION BY f.form, f.of_unit, f.of_year, $key ORDER BY f.is_correction DESC, f.number DESC) AS place
    FROM $table AS t
    JOIN rollup_standing AS f ON f.sha256 = t._submission AND f.corrections > 0
) AS laid
WHERE place = 1
