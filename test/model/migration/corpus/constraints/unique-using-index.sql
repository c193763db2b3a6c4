-- No lock for long, but the second of two equal values is refused from now on.
ALTER TABLE users ADD CONSTRAINT users_phone_key UNIQUE USING INDEX users_phone_idx; -- expect: new-unique
