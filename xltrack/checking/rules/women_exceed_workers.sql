-- XLT511: more women than workers. The workers are a yearly average on social insurance, the women may have been
-- counted on a day, so that it is a warning.
SELECT
    enterprises._file, 'enterprises' AS sheet, enterprises._row, 'women_workers' AS "column",
    enterprises.women_workers AS women, enterprises.insured_workers AS workers
FROM enterprises
WHERE enterprises.women_workers > enterprises.insured_workers AND enterprises.insured_workers >= 0
