-- One row per enterprise of a return: who it is (first ten digits of the tax code), its place, sector and size.
-- Size: Decree 80/2021/NĐ-CP, article 5: workers AND (revenue OR capital), micro before small before medium. A blank
-- leaves a comparison NULL; the first class that is neither met nor excluded for certain leaves the size to what the
-- sender declared.
WITH stated AS (
    SELECT
        e.return_unit, e.return_year, e.tax_code, e.legal_form, e.declared_size, e.first_supported_year,
        e.insured_workers, e.revenue, e.total_capital, e.vsic_version,
        r.figures_kind,
        CASE WHEN length(e.tax_code) = 12 THEN e.tax_code ELSE coalesce(x.successor, substr(e.tax_code, 1, 10)) END AS party_id,
        coalesce(p.unit63, f.code) AS unit63,
        p.unit34,
        p.ordinal,
        v.section,
        coalesce(e.size_sector, v.size_sector) AS size_sector,
        CAST(CAST(coalesce(e.size_year, e.return_year) AS VARCHAR) || '-12-31' AS DATE) AS size_day,
        row_number() OVER (
            PARTITION BY e.return_unit, e.return_year, e.tax_code ORDER BY e._submission, e._row, f.code, v.section
        ) AS occurrence
    FROM current_enterprises AS e
    JOIN rollup_report AS r
        ON r.return_unit = e.return_unit AND r.return_year = e.return_year AND r.return_period = e.return_period
    JOIN rollup_place AS p ON p.unit_code = e.return_unit
    LEFT JOIN tax_code_change AS x ON x.predecessor = substr(e.tax_code, 1, 10)
    LEFT JOIN unit AS f ON f.code = e.former_province_code AND f.successor = e.return_unit
    LEFT JOIN rollup_vsic AS v
        ON v.version = e.vsic_version
        AND (e.vsic_code = v.section OR substr(e.vsic_code, 1, 2) BETWEEN v.first_division AND v.last_division)
),
sized AS (
    SELECT
        s.*,
        s.insured_workers <= micro.workers_max
            AND (s.revenue <= micro.revenue_max OR s.total_capital <= micro.capital_max) AS is_micro,
        s.insured_workers <= small.workers_max
            AND (s.revenue <= small.revenue_max OR s.total_capital <= small.capital_max) AS is_small,
        s.insured_workers <= medium.workers_max
            AND (s.revenue <= medium.revenue_max OR s.total_capital <= medium.capital_max) AS is_medium
    FROM stated AS s
    LEFT JOIN rollup_size_limit AS micro
        ON micro.sector = s.size_sector AND micro.size = 'micro' AND s.size_day BETWEEN micro.valid_from AND micro.valid_to
    LEFT JOIN rollup_size_limit AS small
        ON small.sector = s.size_sector AND small.size = 'small' AND s.size_day BETWEEN small.valid_from AND small.valid_to
    LEFT JOIN rollup_size_limit AS medium
        ON medium.sector = s.size_sector AND medium.size = 'medium'
        AND s.size_day BETWEEN medium.valid_from AND medium.valid_to
    WHERE s.occurrence = 1
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
    return_unit, return_year, figures_kind, tax_code, party_id, legal_form, first_supported_year, ordinal,
    coalesce(unit63, 'CHUA-PHAN-BO') AS unit63,
    unit34,
    coalesce(computed_size, declared_size, 'unknown') AS size,
    CASE WHEN computed_size IS NOT NULL THEN 2 WHEN declared_size IS NOT NULL THEN 1 ELSE 0 END AS size_known,
    coalesce(size_sector, 'unknown') AS size_sector,
    CASE WHEN section IS NULL THEN 'unknown' ELSE vsic_version || '-' || section END AS sector
FROM judged
