DROP DATABASE reporting; -- expect: drop-object
