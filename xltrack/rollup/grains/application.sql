-- One row per application of a return in words: with its return, place, size and sector.
SELECT
    a.return_no, r.return_unit, r.return_year, r.figures_kind, a.programme, a.tool, a.task_group, a.status,
    a.certificate_no, a.issued_on, a.party_id, p.unit63, p.unit34, a.spot_no, u.ordinal,
    l.size, l.size_sector, l.sector, a.rank, a.pilot, a.counted, a._file, a._row
FROM rollup_applied AS a
JOIN rollup_report AS r ON r.return_no = a.return_no
JOIN rollup_place AS u ON u.unit_code = r.return_unit
JOIN rollup_site AS p ON p.spot_no = a.spot_no
JOIN rollup_look AS l ON l.look_no = a.look_no
