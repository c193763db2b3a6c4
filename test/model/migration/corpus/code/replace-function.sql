-- The running version calls the new body from the same second. A new function needs no OR REPLACE.
CREATE OR REPLACE FUNCTION price_with_tax(net numeric) RETURNS numeric LANGUAGE sql AS 'SELECT net * 1.2'; -- expect: replace-object
