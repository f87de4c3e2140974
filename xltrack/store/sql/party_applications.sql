-- What the enterprise with the tax codes $codes applies, return by return.
SELECT
    a.return_year AS year, a.return_period AS period_kind, a.return_unit AS unit_code, a.tax_code, a.application_id,
    a.programme, a.tool_code AS tool, a.status, a.start_date, a.end_date, a.certificate_no, a.pilot_model, s.file_name,
    a._sheet AS tab, a._row AS "row"
FROM current_applications AS a
JOIN submission AS s ON s.sha256 = a._submission
WHERE CASE WHEN length(a.tax_code) = 12 THEN a.tax_code ELSE substr(a.tax_code, 1, 10) END IN (SELECT unnest($codes))
ORDER BY year, period_kind, unit_code, a.application_id, s.file_name, a._row
