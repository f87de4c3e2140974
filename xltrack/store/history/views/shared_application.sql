-- The applications compared of enterprises that apply the same tool in another unit in the same annual round, seldom any:
-- what was paid is read of these alone.
WITH applied AS (
    SELECT return_unit, return_year, party, tool_code AS tool, application_id
    FROM compared_application
    WHERE return_period = 'annual' AND tool_code NOT LIKE 'OTHER-%'
),
shared AS (
    SELECT party, tool, return_year
    FROM applied
    GROUP BY party, tool, return_year
    HAVING min(return_unit) <> max(return_unit)
)
SELECT applied.*
FROM applied
JOIN shared ON shared.party = applied.party AND shared.tool = applied.tool AND shared.return_year = applied.return_year
