-- One row per certificate: number, tool and tax code (or the day of issue where no number is given), as first reported.
-- It belongs to the year of its issue; without a day, to the first return that names it. One issued before the years of
-- that return is no estimate: it has been issued, whatever the return says of its own year.
WITH named AS (
    SELECT
        a.*,
        extract(YEAR FROM a.issued_on) AS issue_year,
        row_number() OVER (
            PARTITION BY a.party_id, a.tool, coalesce(a.certificate_no, CAST(a.issued_on AS STRING))
            ORDER BY a.return_year, k.place, a.ordinal, a.rank DESC, a.issued_on, a.spot_no, a._row, a._file
        ) AS choice
    FROM rollup_application AS a
    JOIN rollup_kind AS k ON k.figures_kind = a.figures_kind
    WHERE coalesce(a.certificate_no, CAST(a.issued_on AS STRING)) IS NOT NULL AND a.status <> 'planned'
)
SELECT
    coalesce(n.issue_year, n.return_year) AS year,
    CASE WHEN n.issue_year < r.first_year THEN 'actual' ELSE n.figures_kind END AS figures_kind,
    n.unit63, n.unit34, n.return_unit, n.tool, n.programme, n.size, n.size_sector, n.sector, n._file, n._row
FROM named AS n
JOIN rollup_report AS r ON r.return_no = n.return_no
WHERE n.choice = 1
