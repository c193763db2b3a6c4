/* slipway: allow table-lock, data: the table has ten rows, and is written by nobody */
BEGIN;
LOCK TABLE plans; -- waived: table-lock
UPDATE plans SET name = 'y'; -- waived: data
DELETE FROM plans WHERE id = 3; -- waived: data
COMMIT;
