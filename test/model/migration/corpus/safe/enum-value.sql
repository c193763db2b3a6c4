-- What is in the database stays as it is. The next version may write the value when it alone runs.
ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned' AFTER 'shipped';
