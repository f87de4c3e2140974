-- XLT513: a household business is no enterprise under Decision 1322/QĐ-TTg; it is accepted and counted apart.
SELECT enterprises._file, 'enterprises' AS sheet, enterprises._row, 'legal_form' AS "column"
FROM enterprises
WHERE enterprises.legal_form = 'household'
