-- A command of psql is no SQL, and what it includes is not known here.
\i other.sql -- expect: syntax
