-- The unit to which the territory of each unit belongs today (crosswalk of Resolution 202/2025/QH15).
SELECT code AS unit_code, coalesce(successor, code) AS unit34, kind FROM unit
