-- XLT534: a result moved in the direction that is worse for its indicator: more defects, less productivity. The indicator
-- is free text; words of the table result_words tell its direction. Where words of both directions stand in it, or one of
-- a change ("mức giảm lỗi"), nothing is said; nor where more of the unit is worse, of an indicator that should rise:
-- productivity in "phút/sản phẩm".
WITH directed AS (
    SELECT applications.result_indicator AS indicator, min(result_word.direction) AS direction
    FROM (SELECT DISTINCT result_indicator FROM applications) AS applications
    JOIN result_word ON result_word.direction <> 'effort'
        AND contains(
            ' ' || translate(lower(applications.result_indicator), ',;:.()/-', '        ') || ' ',
            ' ' || result_word.word || ' '
        )
    GROUP BY ALL
    HAVING min(result_word.direction) = max(result_word.direction)
),
worse AS (
    SELECT
        applications._file, applications._row, directed.indicator, directed.direction, applications.result_unit,
        applications.value_before, applications.value_after
    FROM applications
    JOIN directed ON directed.indicator = applications.result_indicator
    WHERE (directed.direction = 'down' AND applications.value_after > applications.value_before)
        OR (directed.direction = 'up' AND applications.value_after < applications.value_before)
)
SELECT
    worse._file, 'applications' AS sheet, worse._row, 'value_after' AS "column", worse.indicator,
    worse.value_before AS before, worse.value_after AS after,
    if(worse.direction = 'down', {'vi': 'giảm', 'en': 'fall'}, {'vi': 'tăng', 'en': 'rise'}) AS direction
FROM worse
WHERE worse.direction = 'down'
    OR NOT EXISTS (FROM result_word WHERE direction = 'effort' AND starts_with(trim(lower(worse.result_unit)), word))
