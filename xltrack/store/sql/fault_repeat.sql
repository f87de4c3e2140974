-- Rows of one key in several files of `together`. `alike` names the first of them and so tells keys apart; two blanks are
-- the same. A row that lacks a required part of its key has a finding of its own.
SELECT
    set_id, 'repeat' AS kind, '$sheet' AS sheet, NULL AS column_id, NULL AS target, sha256, _row, alike, NULL AS stated,
    NULL AS added
FROM (
    SELECT
        p.set_id,
        p.sha256,
        t._row,
        min(p.sha256 || ' ' || t._row) OVER same_key AS alike,
        min(p.sha256) OVER same_key <> max(p.sha256) OVER same_key AS is_repeated
    FROM $table AS t
    JOIN together AS p ON p.entry_no = t._entry
    WHERE $known
    WINDOW same_key AS (PARTITION BY p.set_id, $key)
)
WHERE is_repeated
