-- ON CONFLICT of the running version may need it, and a foreign key's ON DELETE CASCADE goes with it.
ALTER TABLE users DROP CONSTRAINT users_email_key; -- expect: drop-constraint
