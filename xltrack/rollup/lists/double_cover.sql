-- A province and one it was made of, both with a current return in the same round: additive figures may hold a thing twice.
SELECT
    d.year, d.period_kind, d.successor, s.name_vi AS successor_name, s.name_en AS successor_name_en,
    d.predecessor, p.name_vi AS predecessor_name, p.name_en AS predecessor_name_en
FROM double_cover AS d
JOIN unit AS s ON s.code = d.successor
JOIN unit AS p ON p.code = d.predecessor
WHERE s.kind = 'province'
ORDER BY d.year, d.period_kind, s.ordinal, p.ordinal
