CREATE UNIQUE INDEX users_phone_idx ON users (lower(phone)); -- expect: new-unique, index-lock
