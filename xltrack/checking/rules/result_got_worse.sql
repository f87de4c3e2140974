-- XLT534: a result moved in the direction that is worse for its indicator: more defects, less productivity. The indicator
-- is free text; words of the table result_words tell its direction. Where words of both directions stand in it, or one of
-- a change ("mức giảm lỗi"), nothing is said; nor where more of the unit is worse, of an indicator that should rise:
-- productivity in "phút/sản phẩm".
WITH directed AS (
    SELECT applications.result_indicator AS indicator, list(DISTINCT result_word.direction) AS directions
    FROM (SELECT DISTINCT result_indicator FROM applications) AS applications
    JOIN result_word ON result_word.direction <> 'effort'
        AND contains(
            ' ' || translate(lower(applications.result_indicator), ',;:.()/-', '        ') || ' ',
            ' ' || result_word.word || ' '
        )
    GROUP BY ALL
)
SELECT
    applications._file, 'applications' AS sheet, applications._row, 'value_after' AS "column", directed.indicator,
    applications.value_before AS before, applications.value_after AS after,
    if(directed.directions = ['down'], {'vi': 'giảm', 'en': 'fall'}, {'vi': 'tăng', 'en': 'rise'}) AS direction
FROM applications
JOIN directed ON directed.indicator = applications.result_indicator
WHERE (directed.directions = ['down'] AND applications.value_after > applications.value_before)
    OR (
        directed.directions = ['up'] AND applications.value_after < applications.value_before
        AND NOT EXISTS (
            FROM result_word WHERE direction = 'effort' AND starts_with(trim(lower(applications.result_unit)), word)
        )
    )
