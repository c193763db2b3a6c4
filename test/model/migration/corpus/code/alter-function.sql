ALTER FUNCTION price_with_tax(numeric) STRICT; -- expect: replace-object
