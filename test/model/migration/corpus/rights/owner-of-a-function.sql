ALTER FUNCTION price_with_tax(numeric) OWNER TO migrations; -- expect: privileges
