-- XLT514: an enterprise lies in another province than the one that reports. Where all of a return is of another province,
-- that is one finding (XLT515).
-- labels: unit = units, province = units
SELECT _file, 'enterprises' AS sheet, _row, 'province_code' AS "column", unit, province
FROM placed_enterprise
WHERE is_elsewhere
QUALIFY NOT (is_whole AND bool_and(is_elsewhere) OVER (PARTITION BY _file) AND count(*) OVER (PARTITION BY _file) >= 3)
