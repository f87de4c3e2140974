-- Enterprises supported in a year against the year before, on constant units: those covered in both years, the year
-- before by actual figures (Decision 1322/QĐ-TTg: 10-15 per cent a year, of a distinct count). A merged province is
-- covered when it, or every province it was made of, has a return.
WITH former AS (
    SELECT unit34, count(*) AS members FROM rollup_place WHERE unit63 = unit_code AND unit34 <> unit_code GROUP BY unit34
),
covered AS (
    SELECT
        p.unit34, r.return_year AS year,
        max_by(r.figures_kind, k.place) AS figures_kind
    FROM rollup_report AS r
    JOIN rollup_kind AS k ON k.figures_kind = r.figures_kind
    JOIN rollup_place AS p ON p.unit_code = r.return_unit
    LEFT JOIN former AS f ON f.unit34 = p.unit34
    GROUP BY p.unit34, r.return_year
    HAVING max(CASE WHEN r.return_unit = p.unit34 THEN 1 ELSE 0 END) = 1 OR count(DISTINCT r.return_unit) = max(f.members)
),
constant AS (
    SELECT n.unit34, n.year, n.figures_kind
    FROM covered AS n
    JOIN covered AS b ON b.unit34 = n.unit34 AND b.year = n.year - 1 AND b.figures_kind = 'actual'
),
supported AS (
    SELECT a.return_year AS year, a.unit34, a.party_id
    FROM rollup_application AS a
    JOIN rollup_party AS p ON p.party_id = a.party_id AND p.legal_form = 'enterprise'
    WHERE a.counted
),
-- Each side is counted by itself: joined, they would make every pair of enterprises of a unit.
units AS (
    SELECT year, figures_kind, count(*) AS units, string_agg(unit34, ' ' ORDER BY unit34) AS unit_codes
    FROM constant GROUP BY year, figures_kind
),
now AS (
    SELECT c.year, c.figures_kind, count(DISTINCT s.party_id) AS enterprises
    FROM constant AS c
    JOIN supported AS s ON s.unit34 = c.unit34 AND s.year = c.year
    GROUP BY c.year, c.figures_kind
),
before AS (
    SELECT c.year, c.figures_kind, count(DISTINCT s.party_id) AS enterprises
    FROM constant AS c
    JOIN supported AS s ON s.unit34 = c.unit34 AND s.year = c.year - 1
    GROUP BY c.year, c.figures_kind
)
SELECT
    u.year, u.figures_kind, u.units, u.unit_codes,
    coalesce(b.enterprises, 0) AS enterprises_before,
    coalesce(n.enterprises, 0) AS enterprises
FROM units AS u
LEFT JOIN now AS n ON n.year = u.year AND n.figures_kind = u.figures_kind
LEFT JOIN before AS b ON b.year = u.year AND b.figures_kind = u.figures_kind
ORDER BY u.year, u.figures_kind
