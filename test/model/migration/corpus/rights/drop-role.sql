DROP ROLE shop_app; -- expect: privileges
