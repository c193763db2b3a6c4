-- The next connection of the running version has another search path.
ALTER ROLE shop_app SET search_path = sales, public; -- expect: settings
