-- The whole way in one release is no way.
UPDATE orders SET total = total_cents / 100.0; -- expect: data
