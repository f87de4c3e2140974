-- XLT565: an indicator of the list is given in another unit than the list's. The unit is free text: it may begin with any of
-- the words that the list knows for it (`unit_words`), after "số" or not.
-- labels: indicator = indicators
SELECT
    targets._file, 'targets' AS sheet, targets._row, 'unit' AS "column",
    targets.indicator_code AS indicator, {'vi': indicator.unit, 'en': indicator.unit_en} AS expected
FROM targets
JOIN indicator ON indicator.code = targets.indicator_code
ANTI JOIN indicator_unit
    ON indicator_unit.code = targets.indicator_code
    AND starts_with(regexp_replace(folded(targets.unit), '^so', ''), folded(indicator_unit.word))
WHERE targets.unit IS NOT NULL
