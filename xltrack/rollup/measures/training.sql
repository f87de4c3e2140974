-- Courses and those who took part; over several years a course kept in later returns (same unit, id and first day)
-- counts once, as reported last: `next_year` is the year of the return that names it next.
-- Certified experts: about 600 in 2021-2025, about 1,000 in 2026-2030 (Decision 1322/QĐ-TTg).
SELECT
    r.return_year AS year, r.figures_kind, coalesce(r.unit63, 'CHUA-PHAN-BO') AS unit63, r.unit34, r.return_unit,
    c.kind AS training_kind,
    1 AS courses,
    coalesce(c.participants, 0) AS participants,
    coalesce(c.women, 0) AS women_participants,
    coalesce(c.enterprises, 0) AS enterprises_trained,
    coalesce(c.certified_experts, 0) AS certified_experts,
    lead(r.return_year) OVER (
        PARTITION BY r.figures_kind, r.return_unit, c.course_id, c.start_date
        ORDER BY r.return_year, c._file DESC, c._row DESC
    ) AS next_year,
    c._file, c._row
FROM current_training AS c
JOIN rollup_file AS r ON r._file = c._file
