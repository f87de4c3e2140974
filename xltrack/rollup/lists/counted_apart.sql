-- Enterprises and pilot models counted straight from the rows of the files, with a placement of their own: what the
-- figures must agree with. `extra_63`, `extra_34`: by how much the sum over units exceeds the nation, because an
-- enterprise stands in several. Years are bits, so that an enterprise is met once and not once for each period.
WITH stated AS (
    SELECT
        of_unit, of_year, tax_code, legal_form, former_province_code, _submission, _row,
        CASE length(tax_code) WHEN 12 THEN tax_code ELSE coalesce(t.successor, left(tax_code, 10)) END AS party
    FROM ($enterprises) AS enterprise
    LEFT JOIN tax_code_change AS t ON t.predecessor = left(tax_code, 10)
),
-- What every row of a party says alike needs no choice among them.
said AS (
    SELECT
        party,
        min(legal_form) AS legal_form,
        CASE WHEN min(legal_form) = max(legal_form) AND count(legal_form) = count(*) THEN TRUE ELSE FALSE END AS alike
    FROM stated
    GROUP BY party
),
chosen AS (
    SELECT of_unit, of_year, tax_code, party, legal_form
    FROM (
        SELECT s.*, row_number() OVER (PARTITION BY of_unit, of_year, tax_code ORDER BY _submission, _row) AS occurrence
        FROM stated AS s
        WHERE s.party IN (SELECT party FROM said WHERE NOT alike)
    ) AS numbered
    WHERE occurrence = 1 AND legal_form IS NOT NULL
),
last_form AS (
    SELECT party, legal_form FROM said WHERE alike
    UNION ALL
    SELECT party, legal_form
    FROM (
        SELECT
            c.party, c.legal_form,
            row_number() OVER (
                PARTITION BY c.party
                ORDER BY
                    c.of_year DESC, u.ordinal,
                    CASE WHEN left(c.tax_code, length(c.party)) = c.party THEN 0 ELSE 1 END, substr(c.tax_code, 12), c.legal_form
            ) AS occurrence
        FROM chosen AS c
        JOIN unit AS u ON u.code = c.of_unit
    ) AS numbered
    WHERE occurrence = 1
),
-- Where a unit is: of one that was made of several only its enterprises can tell.
place AS (
    SELECT
        u.code AS of_unit,
        CASE
            WHEN u.kind <> 'province' OR u.scheme = '63' THEN u.code
            WHEN m.provinces = 1 THEN m.first_province
        END AS in_63,
        CASE WHEN u.scheme = '63' THEN u.successor ELSE u.code END AS in_34
    FROM unit AS u
    LEFT JOIN (
        SELECT successor, count(*) AS provinces, min(code) AS first_province
        FROM unit
        WHERE scheme = '63'
        GROUP BY successor
    ) AS m ON m.successor = u.code
),
former AS (
    SELECT of_unit, of_year, tax_code, code
    FROM (
        SELECT
            s.of_unit, s.of_year, s.tax_code, o.code,
            row_number() OVER (PARTITION BY s.of_unit, s.of_year, s.tax_code ORDER BY s._submission, s._row) AS occurrence
        FROM stated AS s
        JOIN place AS p ON p.of_unit = s.of_unit AND p.in_63 IS NULL
        LEFT JOIN unit AS o ON o.code = s.former_province_code AND o.successor = s.of_unit
    ) AS numbered
    WHERE occurrence = 1
),
use AS (
    SELECT
        a.of_figures, a.pilot_model, p.in_63, p.in_34, a.of_unit, a.of_year, a.tax_code,
        CASE length(a.tax_code) WHEN 12 THEN a.tax_code ELSE coalesce(t.successor, left(a.tax_code, 10)) END AS party
    FROM ($applications) AS a
    JOIN place AS p ON p.of_unit = a.of_unit
    CROSS JOIN rollup_asked AS q
    LEFT JOIN tax_code_change AS t ON t.predecessor = left(a.tax_code, 10)
    WHERE (a.status = 'doing' OR a.status = 'completed')
        AND (a.start_date IS NULL OR extract(YEAR FROM a.start_date) <= a.of_year)
        AND (a.end_date IS NULL OR extract(YEAR FROM a.end_date) > a.of_year - q.span)
),
placed AS (
    SELECT of_figures, of_year, party, in_63, in_34, pilot_model FROM use WHERE in_63 IS NOT NULL
    UNION ALL
    SELECT u.of_figures, u.of_year, u.party, coalesce(f.code, 'CHUA-PHAN-BO'), u.in_34, u.pilot_model
    FROM use AS u
    LEFT JOIN former AS f ON f.of_unit = u.of_unit AND f.of_year = u.of_year AND f.tax_code = u.tax_code
    WHERE u.in_63 IS NULL
),
enterprise AS (
    SELECT
        p.of_figures, p.party, p.in_63, p.in_34,
        bit_or(y.bit) AS years,
        bit_or(CASE WHEN p.pilot_model THEN y.bit ELSE 0 END) AS pilot_years
    FROM placed AS p
    JOIN rollup_year AS y ON y.year = p.of_year
    LEFT JOIN last_form AS l ON l.party = p.party
    WHERE l.legal_form = 'enterprise' OR l.party IS NULL AND length(p.party) = 10
    GROUP BY p.of_figures, p.party, p.in_63, p.in_34
),
-- Whoever stands in one place counts once in any view: only who stands in several can make the units exceed the nation.
nation AS (
    SELECT of_figures, party, bit_or(years) AS years, bit_or(pilot_years) AS pilot_years, count(*) AS places
    FROM enterprise
    GROUP BY of_figures, party
),
in_several AS (
    SELECT e.*
    FROM enterprise AS e
    JOIN nation AS n ON n.of_figures = e.of_figures AND n.party = e.party AND n.places > 1
),
somewhere AS (
    SELECT
        CASE WHEN places > 1 THEN 'several' ELSE 'one' END AS scope, of_figures, party, years, pilot_years
    FROM nation
    UNION ALL
    SELECT '63', of_figures, party, bit_or(years), bit_or(pilot_years) FROM in_several GROUP BY of_figures, party, in_63
    UNION ALL
    SELECT '34', of_figures, party, bit_or(years), bit_or(pilot_years) FROM in_several GROUP BY of_figures, party, in_34
),
alike AS (
    SELECT scope, of_figures, years, pilot_years, count(*) AS parties
    FROM somewhere
    GROUP BY scope, of_figures, years, pilot_years
),
what AS (
    SELECT 'enterprises_supported' AS measure, scope, of_figures, years, parties FROM alike
    UNION ALL
    SELECT 'pilot_models', scope, of_figures, pilot_years, parties FROM alike
)
SELECT
    w.measure, t.period, w.of_figures AS figures_kind,
    sum(CASE WHEN w.scope IN ('one', 'several') THEN w.parties ELSE 0 END) AS counted_apart,
    sum(CASE w.scope WHEN '63' THEN w.parties WHEN 'several' THEN -w.parties ELSE 0 END) AS extra_63,
    sum(CASE w.scope WHEN '34' THEN w.parties WHEN 'several' THEN -w.parties ELSE 0 END) AS extra_34
FROM what AS w
JOIN rollup_period AS t ON (w.years & t.years) <> 0
GROUP BY w.measure, t.period, w.of_figures
