-- From version 2: files are numbered in the order in which their rows were appended. xltrack.store.migrations then writes
-- the numbers into the rows, because only it knows their tables.
ALTER TABLE submission ADD COLUMN entry_no INTEGER;

UPDATE submission SET entry_no = s.entry_no
FROM (SELECT sha256, row_number() OVER (ORDER BY chain_no) AS entry_no FROM submission) AS s
WHERE s.sha256 = submission.sha256;
