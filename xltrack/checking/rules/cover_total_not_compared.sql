-- XLT575: the control totals of the cover were not compared (XLT503), since a cell of the funding rows on which their
-- sum depends could not be read.
SELECT DISTINCT cover._file, 'cover' AS sheet, cover._row, 'funding_total' AS "column"
FROM cover
JOIN workbook ON workbook._file = cover._file AND workbook.is_whole AND workbook.is_read
JOIN unread ON unread._file = cover._file
WHERE unread.sheet = 'funding' AND unread."column" IN ('year', 'source', 'figure_kind', 'amount')
  AND cover.funding_kind IS NOT NULL AND cover.year IS NOT NULL AND cover.period_kind IS NOT NULL
  AND coalesce(cover.funding_total, cover.funding_state, cover.funding_other) IS NOT NULL
