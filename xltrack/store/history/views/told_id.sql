-- The ids of the applications told of.
SELECT DISTINCT applied.application_id AS id
FROM current_applications AS applied
JOIN told ON told.entry_no = applied._entry
