-- Where each of the numbered places is, once: those that nobody asked to tell apart are one.
SELECT spot_no, any_value(unit63) AS unit63, any_value(unit34) AS unit34, any_value(return_unit) AS return_unit
FROM rollup_spot
GROUP BY spot_no
