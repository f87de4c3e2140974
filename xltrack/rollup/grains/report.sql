-- The returns of the kind of round asked for, each with its kind of figures and the years it speaks of.
SELECT
    CAST(row_number() OVER (ORDER BY r.unit_code, r.year) AS INTEGER) AS return_no,
    r.unit_code AS return_unit,
    r.year AS return_year,
    r.period_kind AS return_period,
    max_by(r.figures_kind, k.place) AS figures_kind,
    r.year - a.span + 1 AS first_year,
    r.year AS last_year,
    CAST(CAST(r.year - a.span + 1 AS STRING) || '-01-01' AS DATE) AS first_day,
    CAST(CAST(r.year AS STRING) || '-12-31' AS DATE) AS last_day
FROM "return" AS r
JOIN rollup_asked AS a ON a.period_kind = r.period_kind
JOIN rollup_kind AS k ON k.figures_kind = r.figures_kind
GROUP BY r.unit_code, r.year, r.period_kind, a.span
