-- Rows of sheet AP_DUNG in the current returns; an application kept over two years is a row of each.
SELECT
    a.return_no, a.spot_no, a.look_no,
    a.programme, a.tool, a.task_group, a.status, p.legal_form,
    1 AS applications,
    a._file, a._row
FROM rollup_applied AS a
JOIN rollup_party AS p ON p.party_id = a.party_id
