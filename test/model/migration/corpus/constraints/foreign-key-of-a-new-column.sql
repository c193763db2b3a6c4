ALTER TABLE orders ADD COLUMN channel_id bigint;
ALTER TABLE orders ADD CONSTRAINT orders_channel FOREIGN KEY (channel_id) REFERENCES channels (id) NOT VALID;
