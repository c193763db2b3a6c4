-- What Django prints for a new field with a default: the running version's inserts fail after the second line.
ALTER TABLE "shop_order" ADD COLUMN "channel" varchar(20) DEFAULT 'web' NOT NULL;
ALTER TABLE "shop_order" ALTER COLUMN "channel" DROP DEFAULT; -- expect: drop-default
