-- XLT530: a certificate is issued after the data end. Only of actual figures: an estimate may look ahead.
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'issued_on' AS "column",
    applications.issued_on AS issued, cover.cut_off_date AS cut_off
FROM applications
JOIN cover ON cover._file = applications._file AND cover.figures_kind = 'actual'
WHERE applications.issued_on > cover.cut_off_date
