-- XLT560: two agencies are focal agency of one programme on the day on which the data end (letter 332/BKHCN-TĐC: one).
-- A blank day bounds nothing; one that could not be read is not known.
-- labels: programme = programmes
WITH open AS (
    SELECT
        focal_agency._file, focal_agency._row, focal_agency.programme,
        row_number() OVER same AS ordinal,
        first_value(focal_agency._row) OVER same AS other_row
    FROM focal_agency
    JOIN cover ON cover._file = focal_agency._file AND cover.cut_off_date IS NOT NULL
    WHERE focal_agency._file NOT IN (
            SELECT _file FROM unread WHERE sheet = 'focal_agency' AND "column" IN ('valid_from', 'valid_to')
        )
        AND coalesce(focal_agency.valid_from <= cover.cut_off_date, TRUE)
        AND coalesce(focal_agency.valid_to >= cover.cut_off_date, TRUE)
    WINDOW same AS (PARTITION BY focal_agency._file, focal_agency.programme ORDER BY focal_agency._row)
)
SELECT _file, 'focal_agency' AS sheet, _row, 'agency_name' AS "column", programme, other_row
FROM open
WHERE ordinal > 1
