-- The files that name an enterprise of those told of: of all others only the tax codes are read.
SELECT DISTINCT enterprise._entry AS entry_no
FROM current_enterprises AS enterprise
JOIN told_code ON told_code.code = enterprise.tax_code
