COMMENT ON TABLE orders IS $$
DROP TABLE orders;
$$;
SELECT pg_advisory_xact_lock(hashtext('m')), 'DROP TABLE orders';
