-- The applications in the files of `near_file` that bear an id of those told of: no other is compared by its id.
SELECT
    applied._entry, applied._row, applied.return_year, near_file.unit34,
    applied.application_id AS application_id, applied.tax_code AS tax_code, applied.tool_code AS tool_code, applied.status AS status
FROM current_applications AS applied
JOIN near_file ON near_file.entry_no = applied._entry
JOIN told_id ON told_id.id = applied.application_id
