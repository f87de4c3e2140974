-- The files whose funding states more than one kind of figure.
SELECT funding._file FROM funding GROUP BY ALL HAVING min(funding.figure_kind) <> max(funding.figure_kind)
