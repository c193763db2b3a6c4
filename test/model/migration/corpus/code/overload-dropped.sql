-- A new function of the same name does not make the old one new.
CREATE FUNCTION price_with_tax(net numeric, country text) RETURNS numeric LANGUAGE sql AS 'SELECT net * 1.2';
DROP FUNCTION price_with_tax(numeric); -- expect: drop-object
