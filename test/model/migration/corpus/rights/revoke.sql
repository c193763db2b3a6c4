REVOKE SELECT ON orders FROM shop_app; -- expect: privileges
