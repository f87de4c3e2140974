-- Control totals of the covers in `together` that speak for the whole, against all its rows: the rule that is asked of a
-- single workbook ($code), over all files as if they were one.
SELECT
    f._file AS set_id, 'total' AS kind, f.sheet, f."column" AS column_id, NULL AS target, p.sha256, c._row, NULL AS alike,
    CAST(f.cover_total AS HUGEINT) AS stated, CAST(f.sheet_total AS HUGEINT) AS added
FROM (
    WITH stated AS (
        SELECT p.set_id AS _file, p.ordinal AS _row, $cover_columns
        FROM $cover AS t
        JOIN together AS p ON p.entry_no = t._entry
        WHERE p.is_whole AND p.speaks
    ),
    spent AS (
        SELECT p.set_id AS _file, t._row, $funding_columns
        FROM $funding AS t
        JOIN together AS p ON p.entry_no = t._entry
    ),
    cover AS (
        SELECT * FROM stated
    ),
    funding AS (
        SELECT * FROM spent
    ),
    workbook AS (
        SELECT DISTINCT set_id AS _file, TRUE AS is_whole, TRUE AS is_read FROM together
    ),
    state_source AS (
        SELECT code FROM code WHERE list = 'funding_sources' AND extra['state'] = 'yes'
    )
    $views
    SELECT * FROM ($rule)
) AS f
JOIN together AS p ON p.set_id = f._file AND p.ordinal = f._row
JOIN $cover AS c ON c._entry = p.entry_no
