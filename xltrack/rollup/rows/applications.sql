-- One row per application of a return, with weights by which a sum counts an enterprise once: 1 in the row that decides
-- its size and sector (as in grains/support.sql), else 0. Each weight is exact for the cut that it is named after.
-- Only of enterprises with several applications in a return's year some row must be chosen.
WITH repeated AS (
    SELECT hash(return_year, figures_kind, counted, party_id) AS key
    FROM rollup_application
    GROUP BY hash(return_year, figures_kind, counted, party_id)
    HAVING count(*) > 1
),
ranked AS (
    SELECT
        a._file, a._row,
        row_number() OVER (of_nation ORDER BY a.rank DESC, a.size, a.sector, a._file, a._row)
            AS in_nation,
        row_number() OVER (of_34 ORDER BY a.rank DESC, a.size, a.sector, a._file, a._row)
            AS in_34,
        row_number() OVER (of_63 ORDER BY a.rank DESC, a.size, a.sector, a._file, a._row)
            AS in_63,
        row_number() OVER (of_tool ORDER BY a.ordinal, a._file, a._row) AS in_tool
    FROM rollup_application AS a
    WHERE hash(a.return_year, a.figures_kind, a.counted, a.party_id) IN (SELECT key FROM repeated)
        AND (CAST($unit AS VARCHAR) IS NULL OR $unit IN (a.unit34, a.unit63))
    WINDOW
        of_nation AS (PARTITION BY a.return_year, a.figures_kind, a.counted, a.party_id),
        of_34 AS (PARTITION BY a.return_year, a.figures_kind, a.counted, a.party_id, a.unit34),
        of_63 AS (PARTITION BY a.return_year, a.figures_kind, a.counted, a.party_id, a.unit63),
        of_tool AS (PARTITION BY a.return_year, a.figures_kind, a.counted, a.party_id, a.tool, a.size)
)
SELECT
    t.period, a.figures_kind, a.unit34, a.unit63, a.return_unit, a.programme, a.tool, a.task_group, a.status,
    p.legal_form, a.size, a.size_sector, a.sector,
    CASE WHEN a.counted THEN 'yes' ELSE 'no' END AS counted,
    CASE WHEN a.pilot = 1 THEN 'yes' ELSE 'no' END AS pilot,
    1 AS applications,
    CASE WHEN a.counted AND p.legal_form = 'enterprise' AND coalesce(r.in_nation, 1) = 1 THEN 1 ELSE 0 END AS once_nation,
    CASE WHEN a.counted AND p.legal_form = 'enterprise' AND coalesce(r.in_34, 1) = 1 THEN 1 ELSE 0 END AS once_unit34,
    CASE WHEN a.counted AND p.legal_form = 'enterprise' AND coalesce(r.in_63, 1) = 1 THEN 1 ELSE 0 END AS once_unit63,
    CASE WHEN a.counted AND p.legal_form = 'enterprise' AND coalesce(r.in_tool, 1) = 1 THEN 1 ELSE 0 END AS once_tool,
    s.file_name AS file, b.tab AS sheet, a._row AS line
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id
JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
JOIN current_submission AS c ON c.file_no = a._file
JOIN submission AS s ON s.sha256 = c.sha256
JOIN (SELECT _entry, min(_sheet) AS tab FROM applications GROUP BY _entry) AS b ON b._entry = c.entry_no
LEFT JOIN ranked AS r ON r._file = a._file AND r._row = a._row
WHERE CAST($unit AS VARCHAR) IS NULL OR $unit IN (a.unit34, a.unit63)
ORDER BY t.period, a.figures_kind, a.ordinal, s.file_name, a._row
