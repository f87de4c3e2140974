-- XLT572: a large enterprise is supported. Programme 1322 gives small and medium enterprises, and those of key products,
-- priority, but does not exclude others (Decision 1322/QĐ-TTg).
SELECT enterprises._file, 'enterprises' AS sheet, enterprises._row, 'declared_size' AS "column"
FROM enterprises
WHERE enterprises.declared_size = 'large' AND enterprises.product_id IS NULL
    AND (enterprises._file, enterprises._row) NOT IN (
        SELECT (unread._file, unread._row) FROM unread WHERE sheet = 'enterprises' AND "column" = 'product_id'
    )
