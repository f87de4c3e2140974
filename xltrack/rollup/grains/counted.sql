-- Who was supported in a return, by the place of the enterprise: its applications that count, taken together.
SELECT r.bit, a.spot_no, a.party_id, max(a.pilot) AS pilot, max(a.rank) AS rank
FROM rollup_applied AS a
JOIN rollup_report AS r ON r.return_no = a.return_no
WHERE a.counted
GROUP BY r.bit, a.spot_no, a.party_id
