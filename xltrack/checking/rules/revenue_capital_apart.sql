-- XLT519: revenue and capital of one enterprise are a thousand times apart: one of them is mostly typed in another unit
-- of money. Seldom, but possibly, true.
-- money: revenue, capital
SELECT
    enterprises._file, 'enterprises' AS sheet, enterprises._row, 'revenue' AS "column",
    enterprises.revenue AS revenue, enterprises.total_capital AS capital
FROM enterprises
WHERE enterprises.revenue > 0 AND enterprises.total_capital > 0
    AND greatest(enterprises.revenue, enterprises.total_capital)
        >= 1000::HUGEINT * least(enterprises.revenue, enterprises.total_capital)
