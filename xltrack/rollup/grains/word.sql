-- What is said where nothing is stated, as columns: a text beside codes would turn them all back into texts.
SELECT 'unknown' AS unknown, 'none' AS none, 'CHUA-PHAN-BO' AS unallocated
