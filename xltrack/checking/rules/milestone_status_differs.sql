-- XLT557: the status of a step and the day on which it was done contradict each other. A step without a deadline may be
-- completed without a day.
-- labels: status = milestone_statuses
SELECT
    milestones._file, 'milestones' AS sheet, milestones._row,
    if(milestones.done_on IS NULL, 'done_on', 'status') AS "column",
    milestones.done_on AS done, milestones.status AS status
FROM milestones
WHERE (milestones.done_on IS NOT NULL AND milestones.status <> 'completed')
    OR (milestones.done_on IS NULL AND milestones.status = 'completed' AND milestones.due_date IS NOT NULL)
