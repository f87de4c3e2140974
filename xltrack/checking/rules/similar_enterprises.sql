-- XLT516: two enterprises of one file bear almost the same name under different tax codes: one of them may be a slip.
-- Words of legal form, marks and punctuation do not count. The same numbers must stand in both names ("Xí nghiệp 12" is
-- not "Xí nghiệp 13"); up to two letters may differ. Names are compared only within blocks that share their first or last
-- six letters; a block beyond a hundred rows shares nothing but a common phrase.
WITH named AS MATERIALIZED (
    SELECT
        enterprises._file, enterprises._row, substr(enterprises.tax_code, 1, 10) AS stem,
        folded(regexp_replace(
            replace(strip_accents(lower(enterprises.enterprise_name)), 'đ', 'd'),
            '\b(cong ty|cty|tnhh|trach nhiem huu han|co phan|cp|ctcp|mtv|mot thanh vien|hai thanh vien|tro len'
                || '|doanh nghiep tu nhan|dntn|hop tac xa|htx|chi nhanh|ho kinh doanh|tap doan|tong)\b',
            '', 'g'
        )) AS name
    FROM enterprises
    WHERE enterprises.tax_code IS NOT NULL AND enterprises.enterprise_name IS NOT NULL
),
numbered AS MATERIALIZED (
    SELECT *, regexp_replace(name, '[^0-9]+', '', 'g') AS numbers FROM named WHERE length(name) >= 6
),
ended AS (
    SELECT *, unnest(['<' || left(name, 6), '>' || right(name, 6)]) AS ends FROM numbered
),
blocked AS (
    SELECT * FROM ended QUALIFY count(*) OVER (PARTITION BY _file, numbers, ends) BETWEEN 2 AND 100
),
pair AS (
    SELECT DISTINCT a._file, a._row, b._row AS other
    FROM blocked AS a
    JOIN blocked AS b
        ON b._file = a._file AND b.numbers = a.numbers AND b.ends = a.ends AND b.stem <> a.stem
        AND damerau_levenshtein(a.name, b.name) <= CASE WHEN length(a.name) >= 12 THEN 2 ELSE 0 END
)
SELECT
    _file, 'enterprises' AS sheet, _row, 'enterprise_name' AS "column",
    list(other ORDER BY other)[:5] AS other_rows
FROM pair
GROUP BY _file, _row
