-- XLT569: more was paid out for one subject, year and source than was estimated. Asked only where an estimate is stated and
-- no allotment (with that, it is XLT539), of whole returns, and where every amount of the file could be read.
-- money: disbursed, estimated
-- among: compared_figures
WITH summed AS (
    SELECT
        funding._file, funding.subject_kind, funding.subject_id, funding.programme, funding.year, funding.source,
        min(funding._row) FILTER (funding.figure_kind = 'disbursed') AS _row,
        sum(funding.amount) FILTER (funding.figure_kind = 'disbursed') AS disbursed,
        sum(funding.amount) FILTER (funding.figure_kind = 'estimated') AS estimated,
        sum(funding.amount) FILTER (funding.figure_kind = 'allocated') AS allocated
    FROM funding
    JOIN workbook ON workbook._file = funding._file AND workbook.is_whole
    WHERE funding._file NOT IN (SELECT _file FROM unread WHERE sheet = 'funding')
    GROUP BY ALL
)
SELECT _file, 'funding' AS sheet, _row, 'amount' AS "column", disbursed, estimated
FROM summed
WHERE disbursed > estimated AND allocated IS NULL
