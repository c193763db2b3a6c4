ALTER ROLE shop_app NOLOGIN; -- expect: privileges
