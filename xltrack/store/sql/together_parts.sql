-- The files of every complete set of several parts. The rows of a correction point to rows of what it corrects, and its
-- totals speak of both, so that references and totals of corrections are asked elsewhere.
SELECT p.set_id, p.sha256, f.entry_no, p.part_no AS ordinal, s.whole AND s.submission_kind = 'full' AS is_whole, TRUE AS speaks
FROM submission_part AS p
JOIN submission_set AS s USING (set_id)
JOIN submission AS f ON f.sha256 = p.sha256
WHERE s.parts > 1 AND s.flaw IS NULL AND p.ordinal = 1 AND NOT p.beaten
