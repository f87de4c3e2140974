-- The returns of the kind of round asked for, each with its kind of figures, a bit for its year and kind, and the years
-- it speaks of. `standing`: what is known of an enterprise is taken from the newest return, in official order.
SELECT
    CAST(row_number() OVER (ORDER BY r.unit_code, r.year) AS INTEGER) AS return_no,
    r.unit_code AS return_unit,
    r.year AS return_year,
    r.period_kind AS return_period,
    max_by(r.figures_kind, k.place) AS figures_kind,
    y.bit * max(k.apart) AS bit,
    CAST(dense_rank() OVER (ORDER BY r.year, p.ordinal DESC) AS BIGINT) AS standing,
    r.year - a.span + 1 AS first_year,
    r.year AS last_year,
    CAST(CAST(r.year - a.span + 1 AS STRING) || '-01-01' AS DATE) AS first_day,
    CAST(CAST(r.year AS STRING) || '-12-31' AS DATE) AS last_day
FROM current_submission AS r
JOIN rollup_asked AS a ON a.period_kind = r.period_kind
JOIN rollup_kind AS k ON k.figures_kind = r.figures_kind
JOIN rollup_year AS y ON y.year = r.year
JOIN rollup_place AS p ON p.unit_code = r.unit_code
GROUP BY r.unit_code, r.year, r.period_kind, a.span, y.bit, p.ordinal
