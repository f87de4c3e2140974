-- The card of every part of the base: the card of a correction speaks of the correction's own file.
CREATE OR REPLACE TEMP VIEW $view AS
SELECT
    c.unit_code AS return_unit,
    c.year AS return_year,
    c.period_kind AS return_period,
    c.figures_kind AS return_figures,
    c.sha256 AS _submission,
    t._sheet,
    t._row,
    $columns,
    t._entry
FROM $table AS t
JOIN current_submission AS c ON c.entry_no = t._entry
WHERE c.step = 0;
