-- XLT561: a mailbox of a public provider stands in the workbook, mostly a person's own. Law 91/2025/QH15 on personal data:
-- only contacts of the office are asked for. Providers are those of the table mail_providers.
WITH addressed AS (
    SELECT
        suspect_text._file, suspect_text.sheet, suspect_text._row, suspect_text."column",
        unnest(regexp_extract_all(lower(suspect_text.text), '@([a-z0-9-]+([.][a-z0-9-]+)+)', 1)) AS domain
    FROM suspect_text
)
SELECT DISTINCT _file, sheet, _row, "column"
FROM addressed
WHERE domain IN (SELECT domain FROM mail_provider)
