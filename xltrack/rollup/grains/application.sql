-- One row per application of a return, with its enterprise. `counted`: under way or completed, and overlapping the
-- years of the return (definition of "enterprise supported in a year" used for Decision 1322/QĐ-TTg).
SELECT
    a.return_unit, a.return_year, r.figures_kind, a.application_id, a.programme,
    a.tool_code AS tool,
    coalesce(a.task_group, 'unknown') AS task_group,
    a.status,
    a.certificate_no, a.issued_on,
    CASE WHEN length(a.tax_code) = 12 THEN a.tax_code ELSE coalesce(x.successor, substr(a.tax_code, 1, 10)) END AS party_id,
    a.tax_code, a._submission, a._sheet, a._row,
    coalesce(e.unit63, p.unit63, 'CHUA-PHAN-BO') AS unit63,
    p.unit34,
    p.ordinal,
    coalesce(e.size, 'unknown') AS size,
    coalesce(e.size_known, 0) AS size_known,
    coalesce(e.size_sector, 'unknown') AS size_sector,
    coalesce(e.sector, 'unknown') AS sector,
    CASE WHEN a.pilot_model THEN 1 ELSE 0 END AS pilot,
    CASE
        WHEN a.status IN ('doing', 'completed')
            AND coalesce(a.start_date, r.last_day) <= r.last_day
            AND coalesce(a.end_date, r.first_day) >= r.first_day
            THEN TRUE
        ELSE FALSE
    END AS counted,
    row_number() OVER (
        PARTITION BY a.return_unit, a.return_year, a.application_id ORDER BY a._submission, a._row
    ) AS occurrence
FROM current_applications AS a
JOIN rollup_report AS r
    ON r.return_unit = a.return_unit AND r.return_year = a.return_year AND r.return_period = a.return_period
JOIN rollup_place AS p ON p.unit_code = a.return_unit
LEFT JOIN tax_code_change AS x ON x.predecessor = substr(a.tax_code, 1, 10)
LEFT JOIN rollup_enterprise AS e
    ON e.return_unit = a.return_unit AND e.return_year = a.return_year AND e.tax_code = a.tax_code
