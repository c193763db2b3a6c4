BEGIN;
--
-- Add field state to task
--
ALTER TABLE "tasks_task" ADD COLUMN "state" varchar(12) DEFAULT 'open' NOT NULL;
--
-- Create index tasks_state_idx on field(s) state of model task, concurrently in another file
--
COMMIT;
