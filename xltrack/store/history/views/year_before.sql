-- The annual returns of the year before with which each annual return is compared: that of the same unit, or those of all
-- the provinces it was made of (crosswalk of Resolution 202/2025/QH15); none where one of these is missing.
WITH pair AS (
    SELECT
        sent.unit_code, sent.year, sent.figures_kind, before.unit_code AS earlier_unit,
        before.figures_kind AS earlier_figures, before.unit_code = sent.unit_code AS is_own
    FROM "return" AS sent
    JOIN "return" AS before ON before.year = sent.year - 1 AND before.period_kind = 'annual'
    LEFT JOIN unit AS former ON former.code = before.unit_code
    WHERE sent.period_kind = 'annual' AND (before.unit_code = sent.unit_code OR former.successor = sent.unit_code)
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
