-- What is said where nothing is stated, the classes of size, and the common legal form, as columns: a text beside codes
-- would turn them all back into texts.
SELECT
    'unknown' AS unknown, 'none' AS none, 'CHUA-PHAN-BO' AS unallocated,
    'micro' AS micro, 'small' AS small, 'medium' AS medium, 'large' AS large, 'enterprise' AS enterprise
