REVOKE orders_reader FROM shop_app; -- expect: privileges
