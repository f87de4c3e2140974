-- XLT571: every agency that a unit lists as focal agency of one programme had ceased to be it when the data end, so that
-- nobody is left to ask (letter 332/BKHCN-TĐC). A blank last day is none; one that could not be read is not known.
-- labels: programme = programmes
SELECT
    focal_agency._file, 'focal_agency' AS sheet, arg_max(focal_agency._row, focal_agency.valid_to) AS _row,
    'valid_to' AS "column", focal_agency.programme, max(focal_agency.valid_to) AS ended, cover.cut_off_date AS cut_off
FROM focal_agency
JOIN cover ON cover._file = focal_agency._file AND cover.cut_off_date IS NOT NULL
JOIN workbook ON workbook._file = focal_agency._file AND workbook.is_whole
WHERE focal_agency._file NOT IN (SELECT _file FROM unread WHERE sheet = 'focal_agency' AND "column" = 'valid_to')
GROUP BY focal_agency._file, focal_agency.programme, cover.cut_off_date
HAVING bool_and(coalesce(focal_agency.valid_to < cover.cut_off_date, FALSE))
    AND bool_and(coalesce(focal_agency.valid_from <= focal_agency.valid_to, TRUE))
