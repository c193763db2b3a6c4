BEGIN;
SET LOCAL lock_timeout = '3s';
ALTER TABLE ONLY public.invoices ADD COLUMN IF NOT EXISTS note character varying(200);
ALTER TABLE ONLY public.invoices ADD CONSTRAINT note_short CHECK (length(note) < 200) NOT VALID;
COMMIT;
