-- XLT623: the enterprises supported grew less, or more, against the year before than Programme 1322 aims at (10 to 15 per
-- cent a year, table indicator_targets). Told of actual figures, where the year before had ten enterprises at least: below
-- that one enterprise is ten per cent.
WITH sent AS (
    SELECT DISTINCT unit_code, year
    FROM year_before
    WHERE figures_kind = 'actual'
    EXCEPT
    SELECT unit_code, year FROM year_before WHERE earlier_figures <> 'actual'
),
now AS (
    SELECT sent.unit_code, sent.year, count(DISTINCT supported.party) AS enterprises
    FROM sent
    LEFT JOIN supported
        ON supported.return_unit = sent.unit_code AND supported.return_year = sent.year
        AND supported.return_period = 'annual'
    GROUP BY ALL
),
earlier AS (
    SELECT sent.unit_code, sent.year, count(DISTINCT supported.party) AS enterprises
    FROM sent
    JOIN year_before ON year_before.unit_code = sent.unit_code AND year_before.year = sent.year
    JOIN supported
        ON supported.return_unit = year_before.earlier_unit AND supported.return_year = sent.year - 1
        AND supported.return_period = 'annual'
    GROUP BY ALL
    HAVING count(DISTINCT supported.party) >= 10
),
grown AS (
    SELECT
        now.unit_code, now.year, now.enterprises, earlier.enterprises AS before,
        round(100.0 * (now.enterprises - earlier.enterprises) / earlier.enterprises, 1) AS percent
    FROM now
    JOIN earlier ON earlier.unit_code = now.unit_code AND earlier.year = now.year
)
SELECT
    card._submission, 'cover' AS sheet, card._row, 'year' AS "column",
    grown.enterprises, grown.before, grown.year - 1 AS year, grown.percent,
    indicator_target.target_low AS low, indicator_target.target_high AS high
FROM grown
JOIN current_cover AS card
    ON card.return_unit = grown.unit_code AND card.return_year = grown.year AND card.return_period = 'annual'
    AND card.year IS NOT NULL
JOIN indicator_target ON indicator_target.indicator_code = 'ENT-GROWTH'
    AND grown.year BETWEEN split_part(indicator_target.period, '-', 1)::BIGINT
        AND split_part(indicator_target.period, '-', 2)::BIGINT
WHERE card._submission IN (SELECT sha256 FROM told)
    AND (grown.percent < indicator_target.target_low OR grown.percent > indicator_target.target_high)
