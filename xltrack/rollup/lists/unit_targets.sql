-- The targets that units set and what they say of them, each as in the newest return that has it.
WITH stated AS (
    SELECT
        t.*, r.figures_kind, u.name_vi, u.name_en, u.ordinal AS unit_ordinal, c.label_vi, c.label_en, c.ordinal AS place,
        row_number() OVER (
            PARTITION BY t.return_unit, t.programme, t.period_kind, t.period, t.indicator_code
            ORDER BY t.return_year DESC, t._submission, t._row
        ) AS choice
    FROM current_targets AS t
    JOIN rollup_report AS r
        ON r.return_unit = t.return_unit AND r.return_year = t.return_year AND r.return_period = t.return_period
    JOIN unit AS u ON u.code = t.return_unit
    LEFT JOIN code AS c ON c.list = 'indicators' AND c.code = t.indicator_code AND c.parent = t.programme
)
SELECT
    programme, indicator_code,
    coalesce(label_vi, indicator_name) AS indicator, coalesce(label_en, indicator_name) AS indicator_en,
    return_unit AS unit_code, name_vi AS unit_name, name_en AS unit_name_en,
    period_kind AS target_period_kind, period, unit AS measured_in, baseline_year, baseline_value, target_value,
    actual_value, estimate_value, document_no, return_year, return_period AS period_kind, figures_kind
FROM stated
WHERE choice = 1
ORDER BY programme, coalesce(place, 10000), indicator_code, period, period_kind, unit_ordinal
