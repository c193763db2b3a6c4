ALTER TABLE users ADD CONSTRAINT users_phone_key UNIQUE (phone); -- expect: new-unique, index-lock
