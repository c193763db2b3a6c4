-- `ON CONFLICT ON CONSTRAINT` and handlers of errors name constraints.
ALTER TABLE users RENAME CONSTRAINT users_email_key TO users_email_unique; -- expect: rename-object
