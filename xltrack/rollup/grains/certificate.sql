-- One row per certificate: number, tool and tax code (or the day of issue where no number is given), as first reported.
-- It belongs to the year of its issue; without a day, to the first return that names it.
WITH named AS (
    SELECT
        a.*,
        extract(YEAR FROM a.issued_on) AS issue_year,
        row_number() OVER (
            PARTITION BY a.party_id, a.tool, coalesce(a.certificate_no, CAST(a.issued_on AS VARCHAR))
            ORDER BY a.return_year, a.figures_kind, a.ordinal, a.application_id
        ) AS choice
    FROM rollup_application AS a
    WHERE coalesce(a.certificate_no, CAST(a.issued_on AS VARCHAR)) IS NOT NULL AND a.status <> 'planned'
)
SELECT
    coalesce(issue_year, return_year) AS year, figures_kind, unit63, unit34, tool, programme, size, size_sector, sector
FROM named
WHERE choice = 1
