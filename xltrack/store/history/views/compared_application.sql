-- The applications that rules compare: all of the files that are near, and what the others of the same rounds say of the
-- same enterprises (`party`: the first ten digits of the tax code of today). Those are looked for by codes as they stand in
-- the rows, so that the rows of these alone are read; codes of branches and households, which are longer, are few.
WITH stated AS NOT MATERIALIZED (
    SELECT
        applied.return_unit, applied.return_year, applied.return_period, applied.tax_code AS tax_code,
        applied.application_id AS application_id, applied.tool_code AS tool_code, applied.status AS status,
        applied.start_date AS start_date, applied.end_date AS end_date, compared_file.is_near
    FROM current_applications AS applied
    JOIN compared_file ON compared_file.entry_no = applied._entry
),
party_code AS (
    SELECT party AS code, party FROM told_party
    UNION ALL
    SELECT tax_code_change.predecessor, told_party.party
    FROM told_party
    JOIN tax_code_change ON tax_code_change.successor = told_party.party
),
found AS (
    SELECT stated.*, coalesce(tax_code_change.successor, substr(stated.tax_code, 1, 10)) AS party
    FROM stated
    LEFT JOIN tax_code_change ON tax_code_change.predecessor = substr(stated.tax_code, 1, 10)
    WHERE stated.is_near
    UNION ALL
    SELECT stated.*, party_code.party
    FROM stated
    JOIN party_code ON party_code.code = stated.tax_code
    WHERE NOT stated.is_near
    UNION ALL
    SELECT stated.*, party_code.party
    FROM stated
    JOIN party_code ON party_code.code = substr(stated.tax_code, 1, 10)
    WHERE NOT stated.is_near AND length(stated.tax_code) > 10
)
SELECT * EXCLUDE (is_near) FROM found
