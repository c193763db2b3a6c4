LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; -- expect: table-lock
