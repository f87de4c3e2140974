-- XLT517: a row says the same as another in all columns but its key. Rows with little in them are not compared.
WITH grouped AS (
    SELECT _file, sheet, content, list(_row ORDER BY _row)[:6] AS rows
    FROM alike_row
    GROUP BY _file, sheet, content
)
SELECT
    alike_row._file, alike_row.sheet, alike_row._row, alike_row."column",
    list_filter(grouped.rows, lambda r: r <> alike_row._row)[:5] AS other_rows
FROM alike_row
JOIN grouped
    ON grouped._file = alike_row._file AND grouped.sheet = alike_row.sheet AND grouped.content = alike_row.content
