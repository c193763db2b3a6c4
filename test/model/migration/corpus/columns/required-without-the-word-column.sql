ALTER TABLE orders ADD channel text NOT NULL; -- expect: required-column
