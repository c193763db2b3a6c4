-- Bytes and characters differ: äöü € 😀, and so do their positions.
CREATE TABLE "größen" ("länge" text DEFAULT 'ß€😀');
ALTER TABLE "größen" DROP COLUMN "länge";
/* 😀 */ DROP TABLE "straße"; -- expect: drop-table
