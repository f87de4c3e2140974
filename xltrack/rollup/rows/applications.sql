-- One row per application of a return, with weights by which a sum counts an enterprise once: 1 in the row that decides
-- its size and sector (as in grains/support.sql), else 0. Each weight is exact for the cut that it is named after.
WITH ranked AS (
    SELECT
        a.*, t.period, p.legal_form,
        a.counted AND p.legal_form = 'enterprise' AS is_support,
        row_number() OVER (of_nation ORDER BY a.rank DESC, a.size, a.sector, a._file, a._row)
            AS in_nation,
        row_number() OVER (of_34 ORDER BY a.rank DESC, a.size, a.sector, a._file, a._row)
            AS in_34,
        row_number() OVER (of_63 ORDER BY a.rank DESC, a.size, a.sector, a._file, a._row)
            AS in_63,
        row_number() OVER (of_tool ORDER BY a.ordinal, a._file, a._row) AS in_tool
    FROM rollup_application AS a
    JOIN rollup_party AS p ON p.party_id = a.party_id
    JOIN rollup_period AS t ON a.return_year BETWEEN t.return_from AND t.return_to AND NOT t.is_span
    WHERE CAST($unit AS VARCHAR) IS NULL OR $unit IN (a.unit34, a.unit63)
    WINDOW
        of_nation AS (PARTITION BY t.period, a.figures_kind, a.counted, a.party_id),
        of_34 AS (PARTITION BY t.period, a.figures_kind, a.counted, a.party_id, a.unit34),
        of_63 AS (PARTITION BY t.period, a.figures_kind, a.counted, a.party_id, a.unit63),
        of_tool AS (PARTITION BY t.period, a.figures_kind, a.counted, a.party_id, a.tool, a.size)
)
SELECT
    r.period, r.figures_kind, r.unit34, r.unit63, r.return_unit, r.programme, r.tool, r.task_group, r.status,
    r.legal_form, r.size, r.size_sector, r.sector,
    CASE WHEN r.counted THEN 'yes' ELSE 'no' END AS counted,
    CASE WHEN r.pilot = 1 THEN 'yes' ELSE 'no' END AS pilot,
    1 AS applications,
    CASE WHEN r.is_support AND r.in_nation = 1 THEN 1 ELSE 0 END AS once_nation,
    CASE WHEN r.is_support AND r.in_34 = 1 THEN 1 ELSE 0 END AS once_unit34,
    CASE WHEN r.is_support AND r.in_63 = 1 THEN 1 ELSE 0 END AS once_unit63,
    CASE WHEN r.is_support AND r.in_tool = 1 THEN 1 ELSE 0 END AS once_tool,
    s.file_name AS file, r._sheet AS sheet, r._row AS line
FROM ranked AS r
JOIN current_submission AS c ON c.file_no = r._file
JOIN submission AS s ON s.sha256 = c.sha256
ORDER BY r.period, r.figures_kind, r.ordinal, s.file_name, r._row
