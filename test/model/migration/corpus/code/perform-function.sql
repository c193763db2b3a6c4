DO $$
BEGIN
  PERFORM rebuild_search_index('orders'); -- expect: not-analysed
  PERFORM pg_advisory_xact_lock(42);
END
$$;
