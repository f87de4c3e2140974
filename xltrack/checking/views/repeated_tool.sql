-- The tools that one enterprise applies more than once.
SELECT applications._file, applications.tax_code, applications.tool_code
FROM applications
WHERE applications.tax_code IS NOT NULL
GROUP BY ALL
HAVING count(*) > 1
