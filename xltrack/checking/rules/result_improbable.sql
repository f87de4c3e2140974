-- XLT535: a result changed by more than 300 per cent: mostly a decimal sign, or two units.
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'value_after' AS "column",
    applications.value_before AS before, applications.value_after AS after,
    round(100 * abs(applications.value_after - applications.value_before) / abs(applications.value_before)) AS percent
FROM applications
WHERE applications.value_before <> 0
    AND abs(applications.value_after - applications.value_before) > 3 * abs(applications.value_before)
