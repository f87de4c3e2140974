-- Enterprises by what they apply: an enterprise with two tools stands under both, so these do not add up to the total.
SELECT
    return_no, bit, spot_no, programme, tool, task_group, size,
    party_id AS enterprises_supported,
    is_wide,
    _file, _row
FROM rollup_used
