-- How one keeps an old and a new column equal. It runs in the writes of the running version, so it is told.
CREATE FUNCTION copy_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.total := NEW.total_cents / 100.0;
  RETURN NEW;
END
$$;
CREATE TRIGGER orders_total BEFORE INSERT OR UPDATE ON orders -- warns: new-trigger
  FOR EACH ROW EXECUTE FUNCTION copy_total();
