ALTER TYPE address RENAME ATTRIBUTE street TO line1; -- expect: rename-column
