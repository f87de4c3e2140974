-- XLT514: an enterprise lies in another province than the one that reports. Where all of a return is of another province,
-- that is one finding (XLT515).
-- labels: unit = units, province = units
-- among: other_province
SELECT
    enterprises._file, 'enterprises' AS sheet, enterprises._row, 'province_code' AS "column", other_province.unit,
    enterprises.province_code AS province
FROM enterprises
JOIN other_province
    ON other_province._file = enterprises._file AND other_province.province = enterprises.province_code
WHERE NOT other_province.is_all
