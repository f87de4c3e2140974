-- XLT516: two enterprises of one file bear almost the same name under different tax codes: one of them may be a slip.
-- Words of legal form do not count, nor do those of a trade that every other enterprise bears: what is left tells an
-- enterprise from others, and only where that is almost the same are two of them compared. Names that are spelt alike, or
-- long ones that differ in marks alone, are told; any others only if something else agrees: the address with its number, or
-- the commune, or all but two digits of the tax code. Names of another form or another commune are two enterprises. The same numbers
-- must stand in both ("Xí nghiệp 12" is not "Xí nghiệp 13"). Names are compared only within blocks that share their
-- first or last six letters; a block beyond a hundred rows shares nothing but a common phrase.
-- among: numbered_enterprise
WITH plain AS (
    SELECT
        enterprises._file, enterprises._row, substr(enterprises.tax_code, 1, 10) AS stem, enterprises.legal_form,
        enterprises.commune AS commune, enterprises.address AS address, enterprises.enterprise_name AS said,
        replace(strip_accents(lower(enterprises.enterprise_name)), 'đ', 'd') AS plain, numbered_enterprise.numbers
    FROM enterprises
    JOIN numbered_enterprise USING (_file, _row)
),
named AS (
    SELECT
        *,
        regexp_replace(replace(regexp_replace(
            plain,
            '\b(cong ty|cty|tnhh|trach nhiem huu han|co phan|cp|ctcp|mtv|mot thanh vien|hai thanh vien|tro len'
                || '|doanh nghiep tu nhan|dntn|hop tac xa|htx|chi nhanh|ho kinh doanh|tap doan|tong|va'
                || '|thuong mai|tm|dich vu|dv|san xuat|sx|xuat nhap khau|xnk|nhap khau|xuat khau|xay dung|xd|xay lap|dau tu'
                || '|phat trien|kinh doanh|che bien|gia cong|tu van|thiet ke|ky thuat|cong nghe|cong nghiep|nong nghiep'
                || '|nong san|nong lam|thuy san|thuc pham|do uong|duoc pham|co khi|co dien|dien|dien tu|dien lanh|may|may mac'
                || '|det|det may|giay|da giay|van tai|logistics|du lich|quoc te|viet nam|vn|giai phap|thiet bi|vat tu'
                || '|vat lieu|bao bi|nhua|in|in an|quang cao|truyen thong|giao duc|moi truong|noi that|go|do go|hoa chat'
                || '|y te|tong hop|phan mem|san pham)\b',
            '', 'g'
        ), ' ', ''), '[^a-z0-9]+', '', 'g') AS own
    FROM plain
),
ended AS MATERIALIZED (
    SELECT
        *,
        unnest(['<' || left(own, 6), '>' || right(own, 6)]) AS ends
    FROM named
    WHERE length(own) >= 6
),
shared AS (
    SELECT _file, numbers, ends FROM ended GROUP BY ALL HAVING count(*) BETWEEN 2 AND 100
),
blocked AS (
    SELECT ended.* FROM ended JOIN shared USING (_file, numbers, ends)
),
near AS (
    SELECT DISTINCT
        a._file, a._row, b._row AS other, length(a.own) AS length, lower(a.said) = lower(b.said) AS is_spelt_alike,
        damerau_levenshtein(a.stem, b.stem) <= 2 AS is_code_alike,
        folded(a.commune) = folded(b.commune) AS is_same_commune,
        folded(a.address) = folded(b.address) AND regexp_matches(a.address, '[0-9]') AS is_same_address,
        list_transform([a.plain, b.plain], lambda plain: own_name(plain)) AS names
    FROM blocked AS a
    JOIN blocked AS b
        ON b._file = a._file AND b.numbers = a.numbers AND b.ends = a.ends AND b.stem <> a.stem
        AND coalesce(b.legal_form = a.legal_form, TRUE)
        AND damerau_levenshtein(a.own, b.own)
            <= CASE WHEN length(a.own) >= 16 THEN 2 WHEN length(a.own) >= 10 THEN 1 ELSE 0 END
)
SELECT
    _file, 'enterprises' AS sheet, _row, 'enterprise_name' AS "column",
    list(other ORDER BY other)[:5] AS other_rows
FROM near
WHERE CASE
    WHEN is_spelt_alike OR names[1] = names[2] AND length >= 12 THEN coalesce(is_same_commune, TRUE)
    WHEN is_same_address THEN TRUE
    ELSE damerau_levenshtein(names[1], names[2]) <= 1 AND (coalesce(is_same_commune, FALSE) OR is_code_alike)
END
GROUP BY _file, _row
