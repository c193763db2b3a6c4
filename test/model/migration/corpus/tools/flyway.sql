-- V42__channel.sql
CREATE TABLE IF NOT EXISTS channel (
  id bigserial PRIMARY KEY
);
CREATE INDEX IF NOT EXISTS channel_id ON channel (id);
ALTER TABLE orders ADD COLUMN IF NOT EXISTS channel_id bigint;
