-- XLT567: a report of actual figures was signed before its data end.
SELECT
    cover._file, 'cover' AS sheet, cover._row, 'signed_on' AS "column",
    cover.signed_on AS signed, cover.cut_off_date AS cut_off
FROM cover
WHERE cover.figures_kind = 'actual' AND cover.signed_on < cover.cut_off_date
