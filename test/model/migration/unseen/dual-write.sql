-- An expansion by the book: new column, a trigger that keeps both equal, the index without a lock.
ALTER TABLE payments ADD COLUMN amount_minor bigint;
CREATE FUNCTION payments_sync_amount() RETURNS trigger AS $fn$
BEGIN
  IF NEW.amount_minor IS NULL THEN NEW.amount_minor := round(NEW.amount * 100); END IF;
  RETURN NEW;
END;
$fn$ LANGUAGE plpgsql;
CREATE TRIGGER payments_sync BEFORE INSERT OR UPDATE ON payments FOR EACH ROW EXECUTE PROCEDURE payments_sync_amount(); -- warns: new-trigger
