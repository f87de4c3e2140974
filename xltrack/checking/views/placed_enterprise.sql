-- Where each enterprise lies, beside the province that reports. A province and the one it became are the same territory
-- (crosswalk of Resolution 202/2025/QH15). Ministries report on every province and are left out.
SELECT
    enterprises._file, enterprises._row, enterprises.province_code AS province, workbook.unit_code AS unit,
    workbook.is_whole,
    enterprises.province_code NOT IN (workbook.unit_code, here.unit34)
        AND there.unit34 <> workbook.unit_code AS is_elsewhere
FROM enterprises
JOIN workbook ON workbook._file = enterprises._file
JOIN territory AS here ON here.unit_code = workbook.unit_code AND here.kind = 'province'
JOIN territory AS there ON there.unit_code = enterprises.province_code
