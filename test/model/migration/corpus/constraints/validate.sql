-- The second release after NOT VALID. It reads the rows under a lock that stops no reader and no writer.
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
