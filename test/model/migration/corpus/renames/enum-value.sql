-- The running version still writes the old name, and does not know the new one.
ALTER TYPE order_state RENAME VALUE 'canceled' TO 'cancelled'; -- expect: rename-value
