-- XLT534: a result moved in the direction that is worse for its indicator: more defects, less productivity. The indicator
-- is free text; words of the table result_words tell its direction. Where words of both directions stand in it, or one of
-- a change ("mức giảm lỗi"), nothing is said.
WITH told AS (
    SELECT
        applications._file, applications._row, applications.result_indicator AS indicator,
        applications.value_before AS value_before, applications.value_after AS value_after,
        list(DISTINCT result_word.direction) AS directions
    FROM applications
    JOIN result_word
        ON contains(
            ' ' || translate(lower(applications.result_indicator), ',;:.()/-', '        ') || ' ',
            ' ' || result_word.word || ' '
        )
    WHERE applications.value_before <> applications.value_after
    GROUP BY ALL
)
SELECT
    _file, 'applications' AS sheet, _row, 'value_after' AS "column", indicator, value_before AS before, value_after AS after,
    if(directions = ['down'], {'vi': 'giảm', 'en': 'fall'}, {'vi': 'tăng', 'en': 'rise'}) AS direction
FROM told
WHERE (directions = ['down'] AND value_after > value_before) OR (directions = ['up'] AND value_after < value_before)
