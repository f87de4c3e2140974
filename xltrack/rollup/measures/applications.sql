-- Rows of sheet AP_DUNG in the current returns; an application kept over two years is a row of each.
-- Those who are no enterprises are few: all others need not be looked up.
SELECT
    a.return_no, a.spot_no, a.look_no,
    a.programme, a.tool, a.task_group, a.status, coalesce(p.legal_form, w.enterprise) AS legal_form,
    1 AS applications,
    a._file, a._row
FROM rollup_applied AS a
CROSS JOIN rollup_word AS w
LEFT JOIN (SELECT party_id, legal_form FROM rollup_party WHERE legal_form <> 'enterprise') AS p ON p.party_id = a.party_id
