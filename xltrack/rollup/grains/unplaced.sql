-- Lines of funding whose application or task is found by its id: those of returns of several files, and those for which
-- their own file names no row. All others know the row of what they are for.
SELECT f._file, f._row, r.return_no, f.subject_kind, f.subject_id
FROM current_funding AS f
JOIN rollup_file AS r ON r._file = f._file
WHERE NOT r.alone
UNION ALL
SELECT f._file, f._row, r.return_no, f.subject_kind, f.subject_id
FROM current_funding AS f
JOIN rollup_file AS r ON r._file = f._file
WHERE r.alone AND f._subject_id_row IS NULL
