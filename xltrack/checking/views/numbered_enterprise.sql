-- The enterprises in whose names stand the same digits as in another's of their file: no others bear almost the same name.
WITH numbered AS MATERIALIZED (
    SELECT enterprises._file, enterprises._row, digits(enterprises.enterprise_name) AS numbers
    FROM enterprises
    WHERE enterprises.tax_code IS NOT NULL AND enterprises.enterprise_name IS NOT NULL
),
met AS (
    SELECT _file, numbers FROM numbered GROUP BY ALL HAVING count(*) > 1
)
SELECT numbered.* FROM numbered JOIN met USING (_file, numbers)
