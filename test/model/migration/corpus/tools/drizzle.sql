ALTER TABLE "orders" ADD COLUMN "channel_id" integer;--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "orders" ADD CONSTRAINT "orders_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id"); -- expect: not-valid
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
