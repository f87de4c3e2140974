-- XLT505: there are funding rows, but the cover states no total to compare them with, or not of which kind of
-- figure it is. A blank total is "no control", never zero.
SELECT
    cover._file, 'cover' AS sheet, cover._row,
    if(cover.funding_total IS NULL, 'funding_total', 'funding_kind') AS "column",
    count(*) AS rows
FROM cover
JOIN workbook ON workbook._file = cover._file AND workbook.is_whole
JOIN funding ON funding._file = cover._file
WHERE cover.funding_total IS NULL OR cover.funding_kind IS NULL
GROUP BY ALL
