CREATE TABLE order_channels AS SELECT id AS order_id, 'web'::text AS channel FROM orders;
UPDATE order_channels SET channel = 'shop' WHERE order_id < 1000;
DELETE FROM order_channels WHERE channel = '';
