-- The activities that begin on the same day as another of their kind and file, with the same digits in their titles: titles
-- that are the same have them ("khóa 1", "khóa 2"), and they are sooner compared.
WITH numbered AS MATERIALIZED (
    SELECT
        training._file, training._row, training.kind, training.start_date, digits(training.title) AS numbers
    FROM training
    WHERE training.title IS NOT NULL
),
met AS (
    SELECT _file, kind, start_date, numbers FROM numbered GROUP BY ALL HAVING count(*) > 1
)
SELECT numbered._file, numbered._row FROM numbered JOIN met USING (_file, kind, start_date, numbers)
