-- XLT563: twelve digits stand in a text, in one piece or in groups, that begin as the personal identification number of
-- somebody does: the code of a province from 001 to 096, a digit for sex and century, and two of the year of birth, which
-- must be one of a person who lives (the structure in common use; no official text was read). So telephone numbers with an extension
-- and numbers of files are left alone. Law 91/2025/QH15 on personal data.
SELECT suspect_text._file, suspect_text.sheet, suspect_text._row, suspect_text."column"
FROM suspect_text
WHERE regexp_matches(
    suspect_text.text,
    '(^|[^0-9])0(0[1-9]|[1-8][0-9]|9[0-6])('
        || '[ .]?([01][3-9]|[23][0-2])[0-9][ .]?[0-9]{3}[ .]?[0-9]{3}'
        || '|([01][ .]?[3-9]|[23][ .]?[0-2])[0-9]{3}[ .]?[0-9]{4}'
        || '|[ .]?([01][ .]?[3-9]|[23][ .]?[0-2])[0-9][ .]?[0-9]{6}'
        || ')([^0-9]|$)'
)
