-- What the sources that a ceiling binds (`paid`), and all together (`total`), pay for one application, by kind of figure,
-- beside what the province may pay at most. Ceilings are those of the table support_ceilings, by province, tool and period;
-- a resolution of a province binds the province's own budget, unless the table names other sources. A former province's
-- hold for enterprises on its territory that its successor supports. Years that a return restates are not added to its
-- own. Files with an amount that could not be read, or without all rows of their return, are left out. `_row` is the first
-- row of a source that is bound.
WITH counted AS (
    SELECT
        funding._file, funding._row, funding.subject_id, funding.figure_kind, funding.amount, binding.max_percent,
        binding.max_vnd, binding.sources, binding.legal_basis,
        list_contains(binding.sources, funding.source) AS is_bound
    FROM funding
    JOIN binding_ceiling AS binding
        ON binding._file = funding._file
        AND funding.year BETWEEN year(binding.first_day) AND year(binding.last_day)
        AND funding.year BETWEEN binding.first_year AND binding.year
    JOIN applications
        ON applications._file = funding._file AND applications.application_id = funding.subject_id
        AND applications.tool_code = binding.tool_code
    LEFT JOIN enterprises
        ON enterprises._file = funding._file AND enterprises.tax_code = applications.tax_code
    WHERE (binding.is_own OR binding.unit_code = enterprises.former_province_code)
        AND funding.subject_kind = 'application'
        AND funding._file NOT IN (SELECT _file FROM unread WHERE sheet = 'funding')
)
SELECT
    _file, subject_id, figure_kind, max_percent, max_vnd, sources, legal_basis,
    min(_row) FILTER (is_bound) AS _row, coalesce(sum(amount) FILTER (is_bound), 0) AS paid, sum(amount) AS total
FROM counted
GROUP BY ALL
