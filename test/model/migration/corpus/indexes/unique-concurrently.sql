-- It blocks nobody, and refuses the running version's second equal row.
CREATE UNIQUE INDEX CONCURRENTLY users_phone_idx ON users (phone); -- expect: new-unique
