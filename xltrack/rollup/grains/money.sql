-- One row per line of funding. `in_year`: the line speaks of the years of its own return; any other year is a
-- restatement, compared and never added. A line stands where its application's enterprise stands.
SELECT
    f.return_unit, f.return_year, r.figures_kind, f.year, f.source, f.figure_kind AS funding_kind,
    coalesce(f.spending_item, 'unknown') AS spending_item,
    f.subject_kind,
    coalesce(f.programme, a.programme, t.programme, 'unknown') AS programme,
    f.amount, f._submission, f._sheet, f._row,
    CASE WHEN s.state THEN TRUE ELSE FALSE END AS state,
    f.year BETWEEN r.first_year AND r.last_year AS in_year,
    coalesce(a.unit63, p.unit63, 'CHUA-PHAN-BO') AS unit63,
    p.unit34,
    coalesce(a.tool, 'none') AS tool,
    coalesce(a.task_group, t.task_group, 'none') AS task_group,
    coalesce(a.size, 'none') AS size,
    coalesce(a.size_sector, 'none') AS size_sector,
    coalesce(a.sector, 'none') AS sector
FROM current_funding AS f
JOIN rollup_report AS r
    ON r.return_unit = f.return_unit AND r.return_year = f.return_year AND r.return_period = f.return_period
JOIN rollup_place AS p ON p.unit_code = f.return_unit
LEFT JOIN rollup_source AS s ON s.source = f.source
LEFT JOIN rollup_application AS a
    ON f.subject_kind = 'application' AND a.application_id = f.subject_id AND a.occurrence = 1
    AND a.return_unit = f.return_unit AND a.return_year = f.return_year
LEFT JOIN rollup_task AS t
    ON f.subject_kind = 'task' AND t.task_id = f.subject_id AND t.occurrence = 1
    AND t.return_unit = f.return_unit AND t.return_year = f.return_year
