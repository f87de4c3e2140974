-- What is said where nothing is stated, the classes of size, the common legal forms and kind of figures, as columns: a
-- text beside codes would turn them all back into texts.
SELECT
    'unknown' AS unknown, 'none' AS none, 'CHUA-PHAN-BO' AS unallocated,
    'micro' AS micro, 'small' AS small, 'medium' AS medium, 'large' AS large, 'enterprise' AS enterprise, 'household' AS household, 'actual' AS actual
