-- One row per application of a return, in numbers: its return, and with its enterprise its place and look.
-- `counted`: under way or completed, and overlapping the years of the return (definition of "enterprise supported in a
-- year" used for Decision 1322/QĐ-TTg).
SELECT
    r.return_no, a.programme, a.tool_code AS tool, coalesce(a.task_group, w.unknown) AS task_group,
    a.status, a.certificate_no, a.issued_on,
    coalesce(e.party_id, p.party_id) AS party_id,
    coalesce(e.spot_no, r.spot_no) AS spot_no,
    CAST(coalesce(e.rank, r.rank + l.look_no) % 100000 AS INTEGER) AS look_no,
    coalesce(e.rank, r.rank + l.look_no) AS rank,
    CASE WHEN a.pilot_model THEN 1 ELSE 0 END AS pilot,
    CASE
        WHEN a.status IN ('doing', 'completed')
            AND coalesce(a.start_date, r.last_day) <= r.last_day
            AND coalesce(a.end_date, r.first_day) >= r.first_day
            THEN TRUE
        ELSE FALSE
    END AS counted,
    a._file, a._row
FROM current_applications AS a
CROSS JOIN rollup_word AS w
JOIN rollup_look AS l ON l.size = w.unknown AND l.size_sector = w.unknown AND l.sector = w.unknown
JOIN rollup_file AS r ON r._file = a._file
LEFT JOIN rollup_applicant AS p ON p._file = a._file AND p._row = a._row
LEFT JOIN rollup_enterprise AS e
    ON e.place_no = CASE
        WHEN p._row IS NULL THEN CAST(a._file AS BIGINT) * 1048576 + a._tax_code_row ELSE p.place_no
    END
