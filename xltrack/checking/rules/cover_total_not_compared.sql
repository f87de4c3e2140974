-- XLT575: a control total of the cover was not compared (XLT503), since a cell of the funding rows on which it depends is
-- blank or could not be read.
-- cells: unknown = funding
-- among: uncertain_funding
WITH cell AS (
    SELECT _file, _row, 'year' AS "column", in_total, in_state, in_other FROM uncertain_funding WHERE year IS NULL
    UNION ALL
    SELECT _file, _row, 'source', FALSE, in_state, in_other FROM uncertain_funding WHERE source IS NULL
    UNION ALL
    SELECT _file, _row, 'figure_kind', in_total, in_state, in_other FROM uncertain_funding WHERE figure_kind IS NULL
    UNION ALL
    SELECT _file, _row, 'amount', in_total, in_state, in_other FROM uncertain_funding WHERE amount IS NULL
),
stated AS (
    SELECT cover._file, cover._row, cover.funding_total, cover.funding_state, cover.funding_other
    FROM cover
    JOIN workbook ON workbook._file = cover._file AND workbook.is_whole AND workbook.is_read
    WHERE cover.funding_kind IS NOT NULL AND cover.year IS NOT NULL AND cover.period_kind IS NOT NULL
),
line AS (
    SELECT stated._file, stated._row, 'funding_total' AS "column", cell._row AS cell_row, cell."column" AS cell_column
    FROM stated JOIN cell ON cell._file = stated._file AND cell.in_total
    WHERE stated.funding_total IS NOT NULL
    UNION ALL
    SELECT stated._file, stated._row, 'funding_state', cell._row, cell."column"
    FROM stated JOIN cell ON cell._file = stated._file AND cell.in_state
    WHERE stated.funding_state IS NOT NULL
    UNION ALL
    SELECT stated._file, stated._row, 'funding_other', cell._row, cell."column"
    FROM stated JOIN cell ON cell._file = stated._file AND cell.in_other
    WHERE stated.funding_other IS NOT NULL
)
SELECT
    _file, 'cover' AS sheet, _row, "column",
    list({row: cell_row, "column": cell_column} ORDER BY cell_row) AS unknown
FROM line
GROUP BY ALL
