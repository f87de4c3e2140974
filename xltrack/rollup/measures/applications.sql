-- Rows of sheet AP_DUNG in the current returns; an application kept over two years is a row of each.
SELECT
    a.return_year AS year, a.figures_kind, a.unit63, a.unit34, a.return_unit,
    a.programme, a.tool, a.task_group, a.status, p.legal_form, a.size, a.size_sector, a.sector,
    1 AS applications,
    a._file, a._row
FROM rollup_application AS a
JOIN rollup_party AS p ON p.party_id = a.party_id
