-- One row per figure that a unit states beside an indicator: its target, what was done, what is estimated; each as in
-- the newest return that has the indicator (as in lists/unit_targets.sql).
WITH stated AS (
    SELECT
        t.*,
        row_number() OVER (
            PARTITION BY t.return_unit, t.programme, t.period_kind, t.period, t.indicator_code
            ORDER BY t.return_year DESC, t._submission, t._row
        ) AS choice
    FROM current_targets AS t
    JOIN rollup_report AS r
        ON r.return_unit = t.return_unit AND r.return_year = t.return_year AND r.return_period = t.return_period
),
figures AS (
    SELECT
        s.*, k.stated_as,
        CASE k.stated_as
            WHEN 'target' THEN s.target_value
            WHEN 'actual' THEN s.actual_value
            ELSE s.estimate_value
        END AS value
    FROM stated AS s
    CROSS JOIN (SELECT 'target' AS stated_as UNION ALL SELECT 'actual' UNION ALL SELECT 'estimate') AS k
    WHERE s.choice = 1
)
SELECT
    f.programme, f.indicator_code AS indicator, f.period, f.unit AS measured_in, p.unit34,
    coalesce(p.unit63, 'CHUA-PHAN-BO') AS unit63, f.return_unit, f.stated_as, f.value, f.document_no,
    s.file_name AS file, f._sheet AS sheet, f._row AS line
FROM figures AS f
JOIN rollup_place AS p ON p.unit_code = f.return_unit
JOIN submission AS s ON s.sha256 = f._submission
WHERE f.value IS NOT NULL AND (CAST($unit AS VARCHAR) IS NULL OR $unit IN (p.unit34, p.unit63))
ORDER BY f.programme, f.indicator_code, f.period, p.ordinal, f.stated_as, s.file_name, f._row
