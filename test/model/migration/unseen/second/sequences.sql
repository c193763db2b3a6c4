ALTER SEQUENCE orders_id_seq AS bigint; -- expect: data
ALTER SEQUENCE orders_id_seq OWNED BY NONE;
CREATE SEQUENCE IF NOT EXISTS invoices_seq;
GRANT USAGE ON SEQUENCE invoices_seq TO app;
