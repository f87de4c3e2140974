-- XLT618: an enterprise declares another size than in the latest annual return before that declares one.
-- labels: size = sizes, before = sizes
SELECT
    _submission, 'enterprises' AS sheet, _row, 'declared_size' AS "column", size, size_before AS before,
    size_year AS year
FROM enterprise_before
WHERE size <> size_before
