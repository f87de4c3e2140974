-- XLT544: an amount is hundreds of times the usual one of its kind in the file, or a few thousandths of it: mostly a row in
-- another unit of money. Asked where eight amounts or more can be compared, of which the median tells what is usual.
-- money: usual
WITH amount AS (
    SELECT funding._file, 'funding' AS sheet, funding._row, 'amount' AS "column", funding.subject_kind AS kind,
        funding.amount
    FROM funding
    UNION ALL
    SELECT applications._file, 'applications', applications._row, 'savings', NULL, applications.savings FROM applications
    UNION ALL
    SELECT tasks._file, 'tasks', tasks._row, 'budget_state', NULL, tasks.budget_state FROM tasks
),
usual AS (
    SELECT _file, sheet, kind, median(amount) AS usual
    FROM amount
    WHERE amount > 0
    GROUP BY _file, sheet, kind
    HAVING count(*) >= 8
)
SELECT
    amount._file, amount.sheet, amount._row, amount."column", usual.usual::BIGINT AS usual,
    round(greatest(amount.amount / usual.usual, usual.usual / amount.amount))::BIGINT AS times
FROM amount
JOIN usual
    ON usual._file = amount._file AND usual.sheet = amount.sheet AND usual.kind IS NOT DISTINCT FROM amount.kind
WHERE amount.amount > 0
    AND (amount.amount >= 300 * usual.usual OR usual.usual >= 300 * amount.amount)
