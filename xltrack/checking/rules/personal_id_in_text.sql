-- XLT563: twelve digits stand in a text, in one piece or in groups, that begin as the personal identification number of
-- somebody does, with 0 and two more digits that are not both 0. Law 91/2025/QH15 on personal data.
SELECT suspect_text._file, suspect_text.sheet, suspect_text._row, suspect_text."column"
FROM suspect_text
WHERE regexp_matches(suspect_text.text, '(^|[^0-9])0(0[1-9]|[1-9][0-9])([ .-]?[0-9]){9}([^0-9]|$)')
