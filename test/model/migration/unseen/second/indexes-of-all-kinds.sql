DROP INDEX CONCURRENTLY IF EXISTS public.orders_note_idx; -- expect: drop-index
REINDEX (CONCURRENTLY) TABLE orders;
REINDEX DATABASE shop; -- expect: index-lock
