-- It does not block, but the running version's queries and its ON CONFLICT lose the index all the same.
DROP INDEX CONCURRENTLY users_email_idx; -- expect: drop-index
