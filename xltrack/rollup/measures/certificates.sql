-- Certificates by year of issue (Decision 1322/QĐ-TTg: ISO 9001 and ISO 14001 certificates).
SELECT
    year, figures_kind, unit63, unit34, return_unit, programme, tool, size, size_sector, sector,
    1 AS certificates_issued,
    _file, _row
FROM rollup_certificate
