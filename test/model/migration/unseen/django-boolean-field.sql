BEGIN;
--
-- Add field is_archived to project
--
ALTER TABLE "projects_project" ADD COLUMN "is_archived" boolean DEFAULT false NOT NULL;
ALTER TABLE "projects_project" ALTER COLUMN "is_archived" DROP DEFAULT; -- expect: drop-default
--
-- Create constraint archived_has_date on model project
--
ALTER TABLE "projects_project" ADD CONSTRAINT "archived_has_date" CHECK ((NOT "is_archived" OR "archived_at" IS NOT NULL)); -- expect: new-check, not-valid
COMMIT;
