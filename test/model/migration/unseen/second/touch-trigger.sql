CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$ LANGUAGE plpgsql; -- expect: replace-object
DROP TRIGGER IF EXISTS touch_invoices ON invoices; -- expect: drop-object
CREATE TRIGGER touch_invoices BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION touch(); -- warns: new-trigger
