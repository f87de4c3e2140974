-- Enterprises and pilot models counted straight from the rows of the files, with a placement of their own: what the
-- figures must agree with. `extra_63`, `extra_34`: by how much the sum over units exceeds the nation, because an
-- enterprise stands in several.
WITH stated AS (
    SELECT DISTINCT ON (of_unit, of_year, tax_code)
        of_unit, of_year, tax_code, legal_form, former_province_code,
        CASE length(tax_code) WHEN 12 THEN tax_code ELSE coalesce(t.successor, left(tax_code, 10)) END AS party
    FROM ($enterprises) AS enterprise
    LEFT JOIN tax_code_change AS t ON t.predecessor = left(tax_code, 10)
    ORDER BY of_unit, of_year, tax_code, _submission, _row
),
last_form AS (
    SELECT DISTINCT ON (s.party) s.party, s.legal_form
    FROM stated AS s
    JOIN unit AS u ON u.code = s.of_unit
    WHERE s.legal_form IS NOT NULL
    ORDER BY s.party, s.of_year DESC, u.ordinal, s.tax_code
),
use AS (
    SELECT
        a.of_year, a.of_figures, a.pilot_model,
        CASE length(a.tax_code) WHEN 12 THEN a.tax_code ELSE coalesce(t.successor, left(a.tax_code, 10)) END AS party,
        CASE
            WHEN u.kind <> 'province' OR u.scheme = '63' THEN u.code
            WHEN m.provinces = 1 THEN m.first_province
            WHEN o.successor = u.code THEN o.code
            ELSE 'CHUA-PHAN-BO'
        END AS in_63,
        CASE WHEN u.scheme = '63' THEN u.successor ELSE u.code END AS in_34
    FROM ($applications) AS a
    JOIN unit AS u ON u.code = a.of_unit
    CROSS JOIN rollup_asked AS q
    LEFT JOIN tax_code_change AS t ON t.predecessor = left(a.tax_code, 10)
    LEFT JOIN stated AS s ON s.of_unit = a.of_unit AND s.of_year = a.of_year AND s.tax_code = a.tax_code
    LEFT JOIN unit AS o ON o.code = s.former_province_code
    LEFT JOIN (
        SELECT successor, count(*) AS provinces, min(code) AS first_province
        FROM unit
        WHERE scheme = '63'
        GROUP BY successor
    ) AS m ON m.successor = u.code
    WHERE (a.status = 'doing' OR a.status = 'completed')
        AND (a.start_date IS NULL OR extract(YEAR FROM a.start_date) <= a.of_year)
        AND (a.end_date IS NULL OR extract(YEAR FROM a.end_date) > a.of_year - q.span)
),
enterprise AS (
    SELECT use.*
    FROM use
    LEFT JOIN last_form AS l ON l.party = use.party
    WHERE l.legal_form = 'enterprise' OR l.party IS NULL AND length(use.party) = 10
),
what AS (
    SELECT 'enterprises_supported' AS measure, of_year, of_figures, party, in_63, in_34 FROM enterprise
    UNION ALL
    SELECT 'pilot_models', of_year, of_figures, party, in_63, in_34 FROM enterprise WHERE pilot_model
)
SELECT
    w.measure, t.period, w.of_figures AS figures_kind,
    count(DISTINCT w.party) AS counted_apart,
    count(DISTINCT w.party || w.in_63) - count(DISTINCT w.party) AS extra_63,
    count(DISTINCT w.party || w.in_34) - count(DISTINCT w.party) AS extra_34
FROM what AS w
JOIN rollup_period AS t ON w.of_year BETWEEN t.return_from AND t.return_to
GROUP BY w.measure, t.period, w.of_figures
