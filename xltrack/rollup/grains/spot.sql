-- The places in which rows of a return may stand, numbered: one number is quicker to compare and to group by than three
-- units. `former` is what an enterprise says of its province before, null for the place of the return itself. Who reported
-- tells places apart only where figures in the units that reported are asked for.
SELECT
    s.return_unit, s.former, s.unit63, s.unit34,
    CAST(
        dense_rank() OVER (ORDER BY s.unit63, s.unit34, CASE WHEN v.reported = 1 THEN s.return_unit END) AS INTEGER
    ) AS spot_no
FROM (
    SELECT r.return_unit, CAST(NULL AS STRING) AS former, coalesce(p.unit63, w.unallocated) AS unit63, p.unit34
    FROM rollup_report AS r
    CROSS JOIN rollup_word AS w
    JOIN rollup_place AS p ON p.unit_code = r.return_unit
    UNION
    SELECT r.return_unit, u.code, u.code, p.unit34
    FROM rollup_report AS r
    JOIN rollup_place AS p ON p.unit_code = r.return_unit AND p.unit63 IS NULL
    JOIN unit AS u ON u.successor = r.return_unit
) AS s
CROSS JOIN (SELECT max(CASE view WHEN 'reported' THEN 1 ELSE 0 END) AS reported FROM rollup_view) AS v
