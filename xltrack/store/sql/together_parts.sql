-- The files of every complete set of several parts. The rows of a correction point to rows of what it corrects, and its
-- totals speak of both, so that references and totals of corrections are asked elsewhere.
SELECT s.set_id, p.sha256, f.entry_no, f.part_no AS ordinal, s.whole AND s.submission_kind = 'full' AS is_whole, TRUE AS speaks
FROM submission_set AS s
JOIN set_part AS p USING (set_id)
JOIN submission AS f ON f.sha256 = p.sha256
WHERE s.parts > 1 AND s.flaw IS NULL
