-- The running version leaves the column out where it wants the default.
ALTER TABLE orders ALTER COLUMN state DROP DEFAULT; -- expect: drop-default
