TRUNCATE sessions, carts CASCADE; -- expect: data
