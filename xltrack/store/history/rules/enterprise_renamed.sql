-- XLT617: an enterprise bears another name than in the latest annual return before that names it, whoever sent that.
-- Words of legal form do not count: "Cty TNHH MTV" is "Công ty TNHH một thành viên".
SELECT
    _submission, 'enterprises' AS sheet, _row, 'enterprise_name' AS "column", name, name_before AS before,
    name_year AS year
FROM enterprise_before
WHERE name <> name_before AND own_name(name) <> own_name(name_before)
