-- The unique index that `ON CONFLICT (email)` needs; and the lock stops every query meanwhile.
DROP INDEX users_email_idx; -- expect: drop-index, index-lock
