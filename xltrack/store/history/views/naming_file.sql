-- The files told of, and those of earlier annual returns that name an enterprise of theirs: of all others only the tax codes
-- are read, and of later ones, of the same year and of other rounds nothing.
WITH asked AS (
    SELECT entry_no
    FROM current_submission
    WHERE period_kind = 'annual' AND year < (SELECT max(year) FROM told)
    UNION
    SELECT entry_no FROM told
)
SELECT DISTINCT enterprise._entry AS entry_no
FROM current_enterprises AS enterprise
JOIN asked ON asked.entry_no = enterprise._entry
JOIN told_code ON told_code.code = enterprise.tax_code
