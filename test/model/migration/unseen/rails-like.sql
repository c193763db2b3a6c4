ALTER TABLE "users" ADD "last_seen_at" timestamp(6);
CREATE INDEX CONCURRENTLY "index_users_on_last_seen_at" ON "users" ("last_seen_at");
ALTER TABLE "users" DROP "legacy_token"; -- expect: drop-column
ALTER TABLE "users" ALTER "email" TYPE citext; -- expect: change-type
