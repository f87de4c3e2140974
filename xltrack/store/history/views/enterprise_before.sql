-- For each enterprise in the annual returns told of, unless all returns describe it alike, what the latest annual return
-- before says that has it, whoever sent that: its name (`name`, of `name_year`) and size; and, of the same territory, the
-- year of its first support. Of two in one year the same territory's speaks, then the last unit by code, and the last row.
WITH known AS MATERIALIZED (
    SELECT listed_enterprise.*
    FROM listed_enterprise
    JOIN naming_file ON naming_file.entry_no = listed_enterprise._entry
    JOIN told_code ON told_code.code = listed_enterprise.tax_code
    WHERE listed_enterprise.return_year <= (SELECT max(year) FROM told)
),
-- Nearly every enterprise is described alike by all returns: no rule asks for those.
doubtful AS (
    SELECT known.party AS party
    FROM known
    GROUP BY known.party
    HAVING min(hash(known.enterprise_name)) <> max(hash(known.enterprise_name))
        OR min(hash(known.declared_size)) <> max(hash(known.declared_size))
        OR min(hash(known.first_supported_year)) <> max(hash(known.first_supported_year))
),
listed AS MATERIALIZED (
    SELECT known.* FROM known JOIN doubtful ON doubtful.party = known.party
),
pair AS (
    SELECT
        told.sha256 AS _submission, now.*, earlier.return_year AS earlier_year, earlier.enterprise_name AS earlier_name,
        earlier.declared_size AS earlier_size, earlier.first_supported_year AS earlier_first,
        earlier.unit34 = now.unit34 AS is_same_territory,
        (earlier.return_year, earlier.unit34 = now.unit34, earlier.return_unit, earlier._row) AS latest
    FROM listed AS now
    JOIN told ON told.entry_no = now._entry
    JOIN listed AS earlier ON earlier.party = now.party AND earlier.return_year < now.return_year
)
SELECT
    _submission, _row,
    any_value(enterprise_name) AS name,
    arg_max(earlier_name, latest) AS name_before,
    max(earlier_year) FILTER (earlier_name IS NOT NULL) AS name_year,
    any_value(declared_size) AS size,
    arg_max(earlier_size, latest) AS size_before,
    max(earlier_year) FILTER (earlier_size IS NOT NULL) AS size_year,
    any_value(first_supported_year) AS first_year,
    arg_max(earlier_first, latest) FILTER (is_same_territory) AS first_year_before,
    max(earlier_year) FILTER (earlier_first IS NOT NULL AND is_same_territory) AS first_year_year
FROM pair
GROUP BY _submission, _row
