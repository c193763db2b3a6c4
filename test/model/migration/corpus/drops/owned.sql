DROP OWNED BY reporting; -- expect: drop-object
