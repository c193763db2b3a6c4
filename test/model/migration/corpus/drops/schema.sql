DROP SCHEMA reporting CASCADE; -- expect: drop-object
