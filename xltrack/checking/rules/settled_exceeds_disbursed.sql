-- XLT540: more was settled for one subject, year and source than had been paid out. Asked only where a payment is stated,
-- of whole returns, and where every amount of the file could be read.
-- money: settled, disbursed
-- among: compared_figures
WITH summed AS (
    SELECT
        funding._file, funding.subject_kind, funding.subject_id, funding.programme, funding.year, funding.source,
        min(funding._row) FILTER (funding.figure_kind = 'settled') AS _row,
        sum(funding.amount) FILTER (funding.figure_kind = 'settled') AS settled,
        sum(funding.amount) FILTER (funding.figure_kind = 'disbursed') AS disbursed
    FROM funding
    JOIN workbook ON workbook._file = funding._file AND workbook.is_whole
    WHERE funding._file NOT IN (SELECT _file FROM unread WHERE sheet = 'funding')
    GROUP BY ALL
)
SELECT _file, 'funding' AS sheet, _row, 'amount' AS "column", settled, disbursed
FROM summed
WHERE settled > disbursed
