-- XLT510: the sector in which size is judged is not that of the main line of business.
-- Decree 80/2021/NĐ-CP, article 5: the sector follows the registered main line. Which section belongs to which sector is
-- the three-sector convention of the statistics office (`sme_sector` of the list vsic), so this is a warning on trial.
-- labels: declared = size_sectors, expected = size_sectors
SELECT
    enterprises._file, 'enterprises' AS sheet, enterprises._row, 'size_sector' AS "column",
    enterprises.size_sector AS declared, vsic_section.size_sector AS expected,
    enterprises.vsic_code AS industry
FROM enterprises
JOIN vsic_section
    ON vsic_section.version = enterprises.vsic_version
    AND (
        enterprises.vsic_code = vsic_section.section
        OR substr(enterprises.vsic_code, 1, 2) BETWEEN vsic_section.first_division AND vsic_section.last_division
    )
WHERE enterprises.size_sector <> vsic_section.size_sector
