-- One row per enterprise of a return: who it is (first ten digits of the tax code), its place, sector and size.
-- Size: Decree 80/2021/NĐ-CP, article 5: workers AND (revenue OR capital), micro before small before medium. A blank
-- leaves a comparison NULL; the first class that is neither met nor excluded for certain leaves the size to what the
-- sender declared. `branch`: head offices before branches, codes of today before former ones.
WITH stated AS (
    SELECT
        r.return_no, r.return_unit, r.return_year, r.figures_kind, r.unit34, r.ordinal,
        e.tax_code, e.legal_form, e.declared_size, e.first_supported_year, e.insured_workers, e.revenue, e.total_capital,
        e.vsic_version, e._file, e._row,
        CASE WHEN length(e.tax_code) = 12 THEN e.tax_code ELSE coalesce(x.successor, substr(e.tax_code, 1, 10)) END AS party_id,
        CASE WHEN x.successor IS NULL THEN 0 ELSE 5000 END
            + CASE WHEN length(e.tax_code) = 14 THEN coalesce(1 + TRY_CAST(substr(e.tax_code, 12) AS INTEGER), 0) ELSE 0 END
            AS branch,
        coalesce(r.unit63, f.code) AS unit63,
        v.section,
        coalesce(e.size_sector, v.size_sector) AS size_sector,
        coalesce(e.size_year, r.return_year) AS size_year
    FROM current_enterprises AS e
    JOIN rollup_file AS r ON r._file = e._file
    LEFT JOIN tax_code_change AS x ON x.predecessor = substr(e.tax_code, 1, 10)
    LEFT JOIN unit AS f ON f.code = e.former_province_code AND f.successor = r.return_unit
    LEFT JOIN rollup_industry AS v ON v.version = e.vsic_version AND v.prefix = substr(e.vsic_code, 1, 2)
),
repeated AS (
    SELECT hash(return_no, tax_code) AS key FROM stated GROUP BY hash(return_no, tax_code) HAVING count(*) > 1
),
later AS (
    SELECT _file, _row
    FROM (
        SELECT _file, _row, row_number() OVER (PARTITION BY return_no, tax_code ORDER BY _file, _row) AS occurrence
        FROM stated
        WHERE hash(return_no, tax_code) IN (SELECT key FROM repeated)
    ) AS listed
    WHERE occurrence > 1
),
once AS (
    SELECT s.*
    FROM stated AS s
    WHERE NOT EXISTS (SELECT 1 FROM later AS l WHERE l._file = s._file AND l._row = s._row)
),
sized AS (
    SELECT
        s.*,
        s.insured_workers <= l.micro_workers AND (s.revenue <= l.micro_revenue OR s.total_capital <= l.micro_capital) AS is_micro,
        s.insured_workers <= l.small_workers AND (s.revenue <= l.small_revenue OR s.total_capital <= l.small_capital) AS is_small,
        s.insured_workers <= l.medium_workers
            AND (s.revenue <= l.medium_revenue OR s.total_capital <= l.medium_capital) AS is_medium
    FROM once AS s
    LEFT JOIN rollup_limits AS l ON l.sector = s.size_sector AND l.year = s.size_year
),
judged AS (
    SELECT
        *,
        CASE
            WHEN is_micro THEN 'micro'
            WHEN is_micro IS NULL THEN NULL
            WHEN is_small THEN 'small'
            WHEN is_small IS NULL THEN NULL
            WHEN is_medium THEN 'medium'
            WHEN is_medium IS NULL THEN NULL
            ELSE 'large'
        END AS computed_size
    FROM sized
)
SELECT
    return_no, return_unit, return_year, figures_kind, tax_code, party_id, branch, legal_form, first_supported_year,
    ordinal,
    coalesce(unit63, 'CHUA-PHAN-BO') AS unit63,
    unit34,
    coalesce(computed_size, declared_size, 'unknown') AS size,
    CASE WHEN computed_size IS NOT NULL THEN 2 WHEN declared_size IS NOT NULL THEN 1 ELSE 0 END AS size_known,
    coalesce(size_sector, 'unknown') AS size_sector,
    CASE WHEN section IS NULL THEN 'unknown' ELSE vsic_version || '-' || section END AS sector,
    _file, _row
FROM judged
