-- The rows of one sheet in the returns as they stand. A correction replaces the rows of the same key and deletes nothing.
-- What is replaced is found by a join of its own, not by a subquery for each row, so that whoever asks for a few
-- returns or a few keys reads only their rows: blocks of the table without any of the files asked for are passed over.
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
    c.file_no AS _file,
    t._entry
FROM $table AS t
JOIN current_submission AS c ON c.entry_no = t._entry
ANTI JOIN (
    SELECT k.step, k.form, k.unit_code, k.year AS return_year, k.period_kind AS return_period, $key
    FROM $table AS r
    JOIN current_submission AS k ON k.entry_no = r._entry
    WHERE k.step > 0
) AS n
    ON n.step > c.step
    AND n.form = c.form
    AND n.unit_code = c.unit_code
    AND n.return_year = c.year
    AND n.return_period = c.period_kind
    AND $same_key;
