-- The programmes for which a unit expected in the round $year, $period has a focal agency (letter 332/BKHCN-TĐC of
-- 23/02/2021): designated in a return of that round or an earlier one, and not ended before the round's data begin.
-- Those it was made of speak for it in the round in which they send instead of it.
SELECT e.unit_code, list(DISTINCT f.programme ORDER BY f.programme) AS programmes
FROM expected AS e
JOIN "round" AS r USING (year, period_kind)
JOIN unit AS u ON e.unit_code IN (u.code, u.successor)
JOIN current_focal_agency AS f ON f.return_unit = u.code
JOIN "round" AS told ON told.year = f.return_year AND told.period_kind = f.return_period
WHERE e.year = $year AND e.period_kind = $period
    AND told.cut_off <= r.cut_off
    AND (u.code = e.unit_code OR told.year = e.year AND told.period_kind = e.period_kind)
    AND (f.valid_to IS NULL OR f.valid_to >= r.data_from)
GROUP BY e.unit_code;
