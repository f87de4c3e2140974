-- The files that the returns asked for consist of, by number, with what all rows of one share: the return, its kind of
-- figures and years, and where its unit stands in either view; and whether it makes up its return `alone`.
-- `rank`: that of an enterprise of which nothing is known but that it is in this return (see `enterprise`).
SELECT
    c.file_no AS _file,
    r.return_no, r.return_unit, r.return_year, r.figures_kind, r.first_year, r.last_year, r.first_day, r.last_day,
    p.unit63, p.unit34, s.spot_no,
    ((CAST(r.return_year * 4 AS BIGINT) * 1000 + 999 - p.ordinal) * 10000 + 9999) * 100000 AS rank,
    count(*) OVER (PARTITION BY r.return_no) = 1 AS alone
FROM current_submission AS c
JOIN rollup_report AS r
    ON r.return_unit = c.unit_code AND r.return_year = c.year AND r.return_period = c.period_kind
JOIN rollup_place AS p ON p.unit_code = c.unit_code
JOIN rollup_spot AS s ON s.return_unit = r.return_unit AND s.former IS NULL
