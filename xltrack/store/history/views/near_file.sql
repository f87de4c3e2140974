-- The files of the annual returns of the territories told of, up to the years told of, where there are several years: what
-- is compared within a territory is read of these alone.
SELECT sent.entry_no, territory.unit34
FROM current_submission AS sent
JOIN territory ON territory.unit_code = sent.unit_code
WHERE sent.period_kind = 'annual' AND sent.year <= (SELECT max(year) FROM told)
    AND territory.unit34 IN (SELECT unit34 FROM told_territory)
QUALIFY min(sent.year) OVER (PARTITION BY territory.unit34) < max(sent.year) OVER (PARTITION BY territory.unit34)
