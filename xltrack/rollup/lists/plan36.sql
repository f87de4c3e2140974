-- How far each unit is with its Plan 36 plan (Decision 36/QĐ-TTg; letter 332/BKHCN-TĐC), over all current returns of all
-- rounds: 1 registered, 2 focal agency designated, 3 drafting, 4 issued, 5 under way, 6 completed.
-- Issued needs the number of the document; under way and completed need issued. Of a step reported again the newest
-- return decides, so that a plan stopped later is no longer issued. A number that names another kind of step in a later
-- return is a new numbering and takes nothing back.
WITH reported AS (
    SELECT
        m.*,
        row_number() OVER (
            PARTITION BY m.return_unit, m.sequence, m.milestone_kind
            ORDER BY m.return_year DESC, r.cut_off DESC, m.return_period, m._submission DESC, m._row DESC
        ) AS choice
    FROM current_milestones AS m
    LEFT JOIN "round" AS r ON r.year = m.return_year AND r.period_kind = m.return_period
    WHERE m.programme = '36'
),
step AS (
    SELECT
        return_unit AS unit_code, milestone_kind, document_no, document_date, return_year, sequence,
        coalesce(status, '') IN ('doing', 'completed') OR done_on IS NOT NULL AS begun,
        coalesce(status, '') = 'completed' OR done_on IS NOT NULL AS done,
        coalesce(status, '') IN ('planned', 'stopped') AS put_off
    FROM reported
    WHERE choice = 1
),
-- Number and date of one document: of the newest return that has it, the last one dated.
document AS (
    SELECT
        unit_code, document_no, document_date,
        row_number() OVER (
            PARTITION BY unit_code
            ORDER BY return_year DESC, CASE WHEN document_date IS NULL THEN 1 ELSE 0 END, document_date DESC,
                sequence DESC, document_no
        ) AS choice
    FROM step
    WHERE milestone_kind = 'issue' AND document_no IS NOT NULL AND NOT put_off
),
plan AS (
    SELECT
        unit_code,
        max(CASE WHEN milestone_kind = 'issue' AND document_no IS NOT NULL AND NOT put_off THEN 1 ELSE 0 END) AS issued,
        max(CASE WHEN milestone_kind = 'issue' AND document_no IS NULL AND done THEN 1 ELSE 0 END) AS without_number,
        max(CASE WHEN milestone_kind = 'carry_out' AND begun THEN 1 ELSE 0 END) AS under_way,
        max(CASE WHEN milestone_kind = 'complete' AND done THEN 1 ELSE 0 END) AS completed,
        max(CASE WHEN milestone_kind NOT IN ('study', 'other') AND begun THEN 1 ELSE 0 END) AS drafting
    FROM step
    GROUP BY unit_code
),
focal AS (
    SELECT return_unit AS unit_code, max(CASE WHEN designation_no IS NOT NULL THEN 2 ELSE 1 END) AS stage
    FROM current_focal_agency
    WHERE programme = '36'
    GROUP BY return_unit
),
known AS (
    SELECT unit_code FROM plan UNION SELECT unit_code FROM focal
)
SELECT
    k.unit_code,
    p.unit_code IS NOT NULL AS has_plan,
    CASE
        WHEN p.issued = 1 AND p.completed = 1 THEN 6
        WHEN p.issued = 1 AND p.under_way = 1 THEN 5
        WHEN p.issued = 1 THEN 4
        WHEN p.drafting = 1 OR p.completed = 1 THEN 3
        ELSE coalesce(f.stage, 1)
    END AS stage,
    d.document_no,
    d.document_date,
    coalesce(p.issued = 0 AND (p.without_number = 1 OR p.under_way = 1 OR p.completed = 1), FALSE) AS number_missing
FROM known AS k
LEFT JOIN plan AS p ON p.unit_code = k.unit_code
LEFT JOIN document AS d ON d.unit_code = k.unit_code AND d.choice = 1
LEFT JOIN focal AS f ON f.unit_code = k.unit_code
