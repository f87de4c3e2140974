-- Where the rows of a reporting unit stand in either view (crosswalk of Resolution 202/2025/QH15).
-- unit63 is null for a province made of several: only the enterprise's former province can tell. Ministries stand
-- under their own code in both views.
SELECT
    u.code AS unit_code,
    CASE u.scheme WHEN '63' THEN u.code WHEN '34' THEN p.only_predecessor ELSE u.code END AS unit63,
    CASE u.scheme WHEN '63' THEN u.successor ELSE u.code END AS unit34,
    u.ordinal
FROM unit AS u
LEFT JOIN (
    SELECT successor, min(code) AS only_predecessor
    FROM unit
    WHERE scheme = '63'
    GROUP BY successor
    HAVING count(*) = 1
) AS p ON p.successor = u.code
