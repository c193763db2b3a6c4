-- How some tools make "create type if not exists".
DO $$ BEGIN
  CREATE TYPE order_state AS ENUM ('new', 'paid');
EXCEPTION
  WHEN duplicate_object THEN null;
END $$;
