-- AlterEnum
-- How Prisma takes a value out of an enum: a new type, all columns changed to it, the old one dropped.
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('ADMIN', 'MEMBER');
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT; -- expect: drop-default
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new"); -- expect: change-type
ALTER TYPE "Role" RENAME TO "Role_old"; -- expect: rename-object
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old"; -- expect: drop-object
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'MEMBER';
COMMIT;
