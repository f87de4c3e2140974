-- One row per certificate: number, tool and tax code (or the day of issue where no number is given), as first reported.
-- It belongs to the year of its issue; without a day, to the first return that names it. One issued before the years of
-- that return is no estimate: it has been issued, whatever the return says of its own year.
WITH named AS (
    SELECT
        a.return_no, a.spot_no, a.look_no, a.programme, a.tool, a._file, a._row,
        extract(YEAR FROM a.issued_on) AS issue_year,
        row_number() OVER (
            PARTITION BY a.party_id, a.tool, coalesce(a.certificate_no, CAST(a.issued_on AS STRING))
            ORDER BY r.return_year, k.place, u.ordinal, a.rank DESC, a.issued_on, a.spot_no, a._row, a._file
        ) AS choice
    FROM rollup_applied AS a
    JOIN rollup_report AS r ON r.return_no = a.return_no
    JOIN rollup_place AS u ON u.unit_code = r.return_unit
    JOIN rollup_kind AS k ON k.figures_kind = r.figures_kind
    WHERE coalesce(a.certificate_no, CAST(a.issued_on AS STRING)) IS NOT NULL AND a.status <> 'planned'
)
SELECT
    coalesce(n.issue_year, r.return_year) AS year,
    CASE WHEN n.issue_year < r.first_year THEN w.actual ELSE r.figures_kind END AS figures_kind,
    p.unit63, p.unit34, r.return_unit, n.tool, n.programme, l.size, l.size_sector, l.sector, n._file, n._row
FROM named AS n
CROSS JOIN rollup_word AS w
JOIN rollup_report AS r ON r.return_no = n.return_no
JOIN rollup_site AS p ON p.spot_no = n.spot_no
JOIN rollup_look AS l ON l.look_no = n.look_no
WHERE n.choice = 1
