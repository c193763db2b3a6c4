ALTER SCHEMA billing RENAME TO invoicing; -- expect: rename-object
