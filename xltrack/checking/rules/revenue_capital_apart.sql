-- XLT519: revenue and capital of one enterprise are a thousand times apart: one of them is mostly typed in another unit
-- of money. Seldom, but possibly, true. Where it is so of most rows, a whole column is in another unit (XLT327).
-- money: revenue, capital
WITH compared AS (
    SELECT
        enterprises._file, enterprises._row, enterprises.revenue, enterprises.total_capital AS capital,
        greatest(enterprises.revenue, enterprises.total_capital)
            >= 1000::HUGEINT * least(enterprises.revenue, enterprises.total_capital) AS is_apart
    FROM enterprises
    WHERE enterprises.revenue > 0 AND enterprises.total_capital > 0
)
SELECT _file, 'enterprises' AS sheet, _row, 'revenue' AS "column", revenue, capital
FROM compared
WHERE is_apart
    AND _file NOT IN (SELECT _file FROM compared GROUP BY _file HAVING count(*) > 1 AND avg(is_apart::INTEGER) > 0.5)
