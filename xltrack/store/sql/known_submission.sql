-- The submissions that are known: all, or those that had come by the moment $as_of (UTC). A file is known from its
-- arrival; one whose arrival nobody noted, from its merging.
CREATE OR REPLACE TEMP VIEW known_submission AS
SELECT *
FROM submission
WHERE coalesce(coalesce(received_at, merged_at) <= CAST($as_of AS TIMESTAMP), TRUE);
