-- The rows of one sheet in the returns as they stand. A correction replaces the rows of the same key and deletes nothing.
CREATE OR REPLACE TEMP VIEW $view AS
SELECT
    c.unit_code AS return_unit,
    c.year AS return_year,
    c.period_kind AS return_period,
    c.figures_kind AS return_figures,
    t._submission,
    t._sheet,
    t._row,
    $columns,
    c.file_no AS _file
FROM $table AS t
JOIN current_submission AS c ON c.sha256 = t._submission
WHERE NOT EXISTS (
    SELECT 1
    FROM $table AS n
    JOIN current_submission AS k ON k.sha256 = n._submission
    WHERE k.step > 0
        AND k.step > c.step
        AND k.form = c.form
        AND k.unit_code = c.unit_code
        AND k.year = c.year
        AND k.period_kind = c.period_kind
        AND $same_key
);
