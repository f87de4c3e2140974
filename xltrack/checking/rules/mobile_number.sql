-- XLT562: a mobile telephone number stands in the workbook, mostly a person's own. Law 91/2025/QH15 on personal data: only
-- contacts of the office are asked for. Tax codes have ten digits too, so that in texts that are no telephone column a
-- word such as "điện thoại" must stand before the number.
WITH said AS (
    SELECT
        suspect_text._file, suspect_text.sheet, suspect_text._row, suspect_text."column",
        translate(replace(replace(strip_accents(lower(suspect_text.text)), 'đ', 'd'), '(0)', ''), '()', '  ') AS text
    FROM suspect_text
)
SELECT _file, sheet, _row, "column"
FROM said
WHERE regexp_matches(text, '(^|[^0-9])(0|[+]?84)[ .-]{0,2}[35789]([ .-]{0,2}[0-9]){8}([^0-9]|$)')
    AND ("column" LIKE '%phone%' OR regexp_matches(
        text,
        '(^|[^a-z])(dt|sdt|dtdd|dien thoai|di dong|mobile|tel|zalo|lien he)[^0-9+]{0,20}'
            || '(0|[+]?84)[ .-]{0,2}[35789]([ .-]{0,2}[0-9]){8}([^0-9]|$)'
    ))
