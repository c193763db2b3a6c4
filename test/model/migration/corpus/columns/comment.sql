COMMENT ON COLUMN orders.state IS 'new, paid, shipped';
