-- The places in which applications may stand, numbered: one number is quicker to compare and to group by than three
-- units. Who reported tells places apart only where figures in the units that reported are asked for.
SELECT
    s.unit63, s.unit34, s.return_unit,
    dense_rank() OVER (ORDER BY s.unit63, s.unit34, CASE WHEN v.reported = 1 THEN s.return_unit END) AS spot_no
FROM (
    SELECT unit63, unit34, return_unit FROM rollup_enterprise
    UNION
    SELECT coalesce(r.unit63, w.unallocated), r.unit34, r.return_unit FROM rollup_file AS r CROSS JOIN rollup_word AS w
) AS s
CROSS JOIN (SELECT max(CASE view WHEN 'reported' THEN 1 ELSE 0 END) AS reported FROM rollup_view) AS v
