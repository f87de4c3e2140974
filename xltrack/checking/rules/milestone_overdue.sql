-- XLT555: a step of a plan is overdue when the data end. Only of actual figures: an estimate may look ahead. "Before a day" means by the end of the day before it. Of each plan
-- the first overdue step is told, with how many there are.
-- labels: programme = programmes
WITH overdue AS (
    SELECT milestones._file, milestones._row, milestones.programme, milestones.due_date AS due, cover.cut_off_date AS cut_off
    FROM milestones
    JOIN cover ON cover._file = milestones._file AND cover.figures_kind = 'actual'
    WHERE milestones.due_date + if(milestones.due_kind = 'before', 0, 1) <= cover.cut_off_date
        AND milestones.done_on IS NULL
        AND coalesce(milestones.status, '') NOT IN ('completed', 'stopped')
        AND (milestones._file, milestones._row) NOT IN (
            SELECT (unread._file, unread._row) FROM unread
            WHERE sheet = 'milestones' AND "column" IN ('done_on', 'status')
        )
)
SELECT
    _file, 'milestones' AS sheet, _row, 'due_date' AS "column", programme, due, cut_off,
    count(*) OVER (PARTITION BY _file, programme) AS steps
FROM overdue
QUALIFY row_number() OVER (PARTITION BY _file, programme ORDER BY due, _row) = 1
