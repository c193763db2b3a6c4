CREATE FUNCTION price_with_tax(net numeric, country text) RETURNS numeric LANGUAGE sql AS 'SELECT net * 1.2';
CREATE OR REPLACE FUNCTION price_with_tax(net numeric, country text) RETURNS numeric LANGUAGE sql AS 'SELECT net * 1.3';
DROP FUNCTION price_with_tax(numeric, text);
