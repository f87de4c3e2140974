-- The files whose applications are compared: those told of and what their territories sent the year before (`is_near`),
-- of which all count; and those of the same rounds, whoever sent them, of which only what tells of the same enterprises.
WITH sent AS (
    SELECT
        sent.sha256, sent.entry_no, (sent.year, sent.period_kind) IN (SELECT (year, period_kind) FROM told) AS is_of_round,
        sent.sha256 IN (SELECT sha256 FROM told)
            OR (
                sent.year + 1 IN (SELECT year FROM told)
                AND territory.unit34 IN (SELECT unit34 FROM told_territory)
            ) AS is_near
    FROM current_submission AS sent
    JOIN territory ON territory.unit_code = sent.unit_code
)
SELECT sha256, entry_no, is_near FROM sent WHERE is_of_round OR is_near
