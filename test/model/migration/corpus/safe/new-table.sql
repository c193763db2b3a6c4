-- Nothing of a new table is used yet.
CREATE SCHEMA loyalty;
CREATE TYPE loyalty.level AS ENUM ('silver', 'gold');
CREATE TABLE loyalty.members (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL UNIQUE REFERENCES public.customers (id) ON DELETE CASCADE,
  level loyalty.level NOT NULL,
  CHECK (id > 0)
);
ALTER TABLE loyalty.members ADD COLUMN points int NOT NULL, ALTER COLUMN level SET NOT NULL;
ALTER TABLE loyalty.members ADD CONSTRAINT points_positive CHECK (points >= 0);
ALTER TABLE loyalty.members RENAME COLUMN points TO balance;
ALTER TYPE loyalty.level RENAME VALUE 'gold' TO 'golden';
DROP TABLE loyalty.members;
DROP SCHEMA loyalty CASCADE;
