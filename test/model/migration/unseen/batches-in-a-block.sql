DO $body$
DECLARE
  moved integer;
BEGIN
  LOOP
    UPDATE payments SET amount_minor = round(amount * 100)
    WHERE id IN (SELECT id FROM payments WHERE amount_minor IS NULL LIMIT 5000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS moved = ROW_COUNT;
    EXIT WHEN moved = 0;
    COMMIT;
  END LOOP;
END
$body$;
