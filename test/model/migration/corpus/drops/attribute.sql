-- A composite type is like a table to those who read its values.
ALTER TYPE address DROP ATTRIBUTE street; -- expect: drop-column
