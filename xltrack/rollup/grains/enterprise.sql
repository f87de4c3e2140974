-- One row per enterprise of a return: who it is (first ten digits of the tax code), its place, sector and size.
-- Size: Decree 80/2021/NĐ-CP, article 5: workers AND (revenue OR capital), micro before small before medium. A blank
-- leaves a comparison NULL; the first class that is neither met nor excluded for certain leaves the size to what the
-- sender declared. `branch`: head offices before branches, codes of today before former ones.
-- Of rows of one tax code in a return the first is meant. `place_no`: its file and row (a sheet has at most 1,048,576).
-- `rank`: what is known of an enterprise is taken from its newest return, the one that knows its size best, in official
-- order of units and by branch; the last five digits are the number of its look, so that the greatest rank says both.
WITH sized AS (
    SELECT
        r.return_no, r.rank, CAST(e._file AS BIGINT) * 1048576 + e._row AS place_no,
        e.legal_form, e.declared_size, e.first_supported_year,
        CASE length(e.tax_code)
            WHEN 12 THEN e.tax_code
            WHEN 10 THEN coalesce(x.successor, e.tax_code)
            ELSE coalesce(x.successor, substr(e.tax_code, 1, 10))
        END AS party_id,
        CASE WHEN x.successor IS NULL THEN 0 ELSE 5000 END
            + CASE WHEN length(e.tax_code) = 14 THEN coalesce(1 + TRY_CAST(substr(e.tax_code, 12) AS INTEGER), 0) ELSE 0 END
            AS branch,
        coalesce(p.spot_no, r.spot_no) AS spot_no,
        v.sector,
        coalesce(e.size_sector, v.size_sector) AS size_sector,
        e.insured_workers <= l.micro_workers AND (e.revenue <= l.micro_revenue OR e.total_capital <= l.micro_capital) AS is_micro,
        e.insured_workers <= l.small_workers AND (e.revenue <= l.small_revenue OR e.total_capital <= l.small_capital) AS is_small,
        e.insured_workers <= l.medium_workers
            AND (e.revenue <= l.medium_revenue OR e.total_capital <= l.medium_capital) AS is_medium
    FROM current_enterprises AS e
    JOIN rollup_file AS r ON r._file = e._file
    LEFT JOIN tax_code_change AS x ON x.predecessor = substr(e.tax_code, 1, 10)
    LEFT JOIN rollup_spot AS p ON p.return_unit = r.return_unit AND p.former = e.former_province_code
    LEFT JOIN rollup_industry AS v ON v.version = e.vsic_version AND v.prefix = substr(e.vsic_code, 1, 2)
    LEFT JOIN rollup_limits AS l
        ON l.sector = coalesce(e.size_sector, v.size_sector) AND l.year = coalesce(e.size_year, r.return_year)
    WHERE NOT EXISTS (SELECT 1 FROM rollup_listed_again AS o WHERE o._file = e._file AND o._row = e._row)
),
judged AS (
    SELECT
        s.*, w.unknown,
        CASE
            WHEN is_micro THEN w.micro
            WHEN is_micro IS NULL THEN NULL
            WHEN is_small THEN w.small
            WHEN is_small IS NULL THEN NULL
            WHEN is_medium THEN w.medium
            WHEN is_medium IS NULL THEN NULL
            ELSE w.large
        END AS computed_size
    FROM sized AS s
    CROSS JOIN rollup_word AS w
)
SELECT
    j.return_no, j.place_no, rollup_number(j.party_id) AS party_id, CAST(j.branch AS INTEGER) AS branch, j.legal_form, j.first_supported_year, j.spot_no,
    j.rank + CASE WHEN j.computed_size IS NOT NULL THEN 2 WHEN j.declared_size IS NOT NULL THEN 1 ELSE 0 END * 1000000000000
        - CAST(j.branch AS BIGINT) * 100000 + l.look_no AS rank
FROM judged AS j
JOIN rollup_look AS l
    ON l.size = coalesce(j.computed_size, j.declared_size, j.unknown)
    AND l.size_sector = coalesce(j.size_sector, j.unknown)
    AND l.sector = coalesce(j.sector, j.unknown)
