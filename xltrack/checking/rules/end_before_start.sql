-- XLT520: something ends, or falls due, before it begins.
WITH span AS (
    SELECT applications._file, 'applications' AS sheet, applications._row, 'end_date' AS "column",
        applications.start_date AS first_day, applications.end_date AS last_day
    FROM applications
    UNION ALL
    SELECT training._file, 'training' AS sheet, training._row, 'end_date', training.start_date, training.end_date FROM training
    UNION ALL
    SELECT tasks._file, 'tasks' AS sheet, tasks._row, 'end_date', tasks.start_date, tasks.end_date FROM tasks
    UNION ALL
    SELECT milestones._file, 'milestones' AS sheet, milestones._row, 'due_date', milestones.start_date, milestones.due_date
    FROM milestones
    UNION ALL
    SELECT focal_agency._file, 'focal_agency' AS sheet, focal_agency._row, 'valid_to', focal_agency.valid_from,
        focal_agency.valid_to
    FROM focal_agency
    UNION ALL
    SELECT cover._file, 'cover' AS sheet, cover._row, 'cut_off_date', cover.data_from, cover.cut_off_date FROM cover
)
SELECT * FROM span WHERE last_day < first_day
