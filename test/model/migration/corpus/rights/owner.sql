-- An owner may do everything; the one before may not any more.
ALTER TABLE orders OWNER TO migrations; -- expect: privileges
