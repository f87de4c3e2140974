-- XLT556: a step is done on a day after the data end. Only of actual figures: an estimate may look ahead.
SELECT
    milestones._file, 'milestones' AS sheet, milestones._row, 'done_on' AS "column",
    milestones.done_on AS done, cover.cut_off_date AS cut_off
FROM milestones
JOIN cover ON cover._file = milestones._file AND cover.figures_kind = 'actual'
WHERE milestones.done_on > cover.cut_off_date
