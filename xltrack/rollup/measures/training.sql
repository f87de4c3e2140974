-- Courses and those who took part; over several years a course kept in later returns (same unit, id and first day)
-- counts once, as reported last.
-- Certified experts: about 600 in 2021-2025, about 1,000 in 2026-2030 (Decision 1322/QĐ-TTg).
WITH placed AS (
    SELECT
        t.period, t.is_span, r.figures_kind, v.view,
        CASE v.view WHEN '63' THEN coalesce(p.unit63, 'CHUA-PHAN-BO') WHEN '34' THEN p.unit34 ELSE c.return_unit END AS unit_code,
        c.kind AS training_kind, c.participants, c.women, c.enterprises, c.certified_experts,
        row_number() OVER (
            PARTITION BY t.period, r.figures_kind, v.view, c.return_unit, c.course_id, c.start_date
            ORDER BY c.return_year DESC, c._submission, c._row
        ) AS choice
    FROM current_training AS c
    JOIN rollup_report AS r
        ON r.return_unit = c.return_unit AND r.return_year = c.return_year AND r.return_period = c.return_period
    JOIN rollup_place AS p ON p.unit_code = c.return_unit
    JOIN rollup_period AS t ON c.return_year BETWEEN t.return_from AND t.return_to
    CROSS JOIN rollup_view AS v
),
counted AS (
    SELECT * FROM placed WHERE choice = 1 OR NOT is_span
)
SELECT 'courses' AS measure, period, figures_kind, view, unit_code, training_kind, 1 AS value FROM counted
UNION ALL
SELECT 'participants', period, figures_kind, view, unit_code, training_kind, coalesce(participants, 0) FROM counted
UNION ALL
SELECT 'women_participants', period, figures_kind, view, unit_code, training_kind, coalesce(women, 0) FROM counted
UNION ALL
SELECT 'enterprises_trained', period, figures_kind, view, unit_code, training_kind, coalesce(enterprises, 0) FROM counted
UNION ALL
SELECT 'certified_experts', period, figures_kind, view, unit_code, training_kind, coalesce(certified_experts, 0)
FROM counted
