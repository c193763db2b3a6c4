DROP FUNCTION price_with_tax(numeric, text); -- expect: drop-object
