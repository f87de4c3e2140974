-- What the sources that a ceiling binds (`paid`), and all together (`total`), pay for one application, by kind of figure,
-- beside what the province may pay at most. Ceilings are those of the table support_ceilings, by province, tool and period;
-- a resolution of a province binds the province's own budget, unless the table names other sources. A former province's
-- hold for enterprises on its territory that its successor supports. Years that a return restates are not added to its
-- own. Files with an amount that could not be read, or without all rows of their return, are left out. `_row` is the first
-- row of a source that is bound.
WITH counted AS (
    SELECT
        funding._file, funding._row, funding.subject_id, funding.figure_kind, funding.amount, support_ceiling.max_percent,
        support_ceiling.max_vnd, support_ceiling.sources, support_ceiling.legal_basis,
        list_contains(support_ceiling.sources, funding.source) AS is_bound
    FROM funding
    JOIN workbook ON workbook._file = funding._file AND workbook.is_whole
    JOIN applications ON applications._file = funding._file AND applications.application_id = funding.subject_id
    LEFT JOIN enterprises
        ON enterprises._file = funding._file AND enterprises.tax_code = applications.tax_code
    JOIN support_ceiling
        ON support_ceiling.tool_code = applications.tool_code
        AND funding.year BETWEEN year(support_ceiling.first_day) AND year(support_ceiling.last_day)
    JOIN territory ON territory.unit_code = support_ceiling.unit_code
    WHERE (
            support_ceiling.unit_code = workbook.unit_code
            OR (
                territory.unit34 = workbook.unit_code
                AND support_ceiling.unit_code = enterprises.former_province_code
            )
        )
        AND funding.year BETWEEN workbook.first_year AND workbook.year
        AND funding.subject_kind = 'application'
        AND funding._file NOT IN (SELECT _file FROM unread WHERE sheet = 'funding')
)
SELECT
    _file, subject_id, figure_kind, max_percent, max_vnd, sources, legal_basis,
    min(_row) FILTER (is_bound) AS _row, coalesce(sum(amount) FILTER (is_bound), 0) AS paid, sum(amount) AS total
FROM counted
GROUP BY ALL
