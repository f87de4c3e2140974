-- XLT565: an indicator of the list is given in another unit than the list's. The unit is free text, so that another word
-- for the same unit may be meant.
-- labels: indicator = indicators
SELECT
    targets._file, 'targets' AS sheet, targets._row, 'unit' AS "column",
    targets.indicator_code AS indicator, {'vi': indicator.unit, 'en': indicator.unit_en} AS expected
FROM targets
JOIN indicator ON indicator.code = targets.indicator_code
WHERE folded(targets.unit) NOT IN (folded(indicator.unit), folded(indicator.unit_en))
    AND NOT contains(folded(targets.unit), folded(indicator.unit))
    AND NOT (contains(folded(indicator.unit), 'doanhnghiep') AND folded(targets.unit) = 'dn')
    AND NOT (indicator.unit = '%' AND folded(targets.unit) = 'phantram')
