DROP EXTENSION citext; -- expect: drop-object
