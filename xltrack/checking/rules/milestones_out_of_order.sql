-- XLT554: a step is due before one that stands above it in the timetable.
WITH ordered AS (
    SELECT
        milestones._file, milestones._row, milestones.due_date,
        max(milestones.due_date) OVER above AS latest,
        arg_max(milestones.sequence, milestones.due_date) OVER above AS other
    FROM milestones
    WHERE milestones.due_date IS NOT NULL AND milestones.sequence IS NOT NULL
    WINDOW above AS (
        PARTITION BY milestones._file, milestones.programme ORDER BY milestones.sequence
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)
SELECT _file, 'milestones' AS sheet, _row, 'due_date' AS "column", due_date AS due, other, latest
FROM ordered
WHERE due_date < latest
