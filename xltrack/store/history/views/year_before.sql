-- The annual returns of the year before with which each annual return told of is compared: that of the same unit, or those
-- of all the provinces it was made of (crosswalk of Resolution 202/2025/QH15); none where one of these is missing.
WITH yearly AS MATERIALIZED (
    SELECT unit_code, year, figures_kind FROM stated_return WHERE period_kind = 'annual'
),
pair AS (
    SELECT
        sent.unit_code, sent.year, sent.figures_kind, before.unit_code AS earlier_unit,
        before.figures_kind AS earlier_figures, before.unit_code = sent.unit_code AS is_own
    FROM yearly AS sent
    JOIN yearly AS before ON before.year = sent.year - 1
    LEFT JOIN unit AS former ON former.code = before.unit_code
    WHERE (sent.unit_code, sent.year) IN (SELECT (unit_code, year) FROM told)
        AND (before.unit_code = sent.unit_code OR former.successor = sent.unit_code)
),
made_of AS (
    SELECT successor, count(*) AS members FROM unit WHERE successor IS NOT NULL GROUP BY successor
)
SELECT pair.* EXCLUDE (is_own)
FROM pair
LEFT JOIN made_of ON made_of.successor = pair.unit_code
WINDOW same AS (PARTITION BY pair.unit_code, pair.year)
QUALIFY CASE
    WHEN bool_or(is_own) OVER same THEN is_own
    ELSE count(*) OVER same = made_of.members
END
