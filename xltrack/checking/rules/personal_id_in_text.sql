-- XLT563: twelve digits stand in a text: the personal identification number of somebody. Law 91/2025/QH15 on personal data.
SELECT suspect_text._file, suspect_text.sheet, suspect_text._row, suspect_text."column"
FROM suspect_text
WHERE regexp_matches(suspect_text.text, '(^|[^0-9])[0-9]{12}([^0-9]|$)')
