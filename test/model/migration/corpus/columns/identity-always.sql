-- The running version gives the id itself; GENERATED ALWAYS refuses that.
ALTER TABLE orders ALTER COLUMN id SET GENERATED ALWAYS; -- expect: required-column
