BEGIN;
--
-- Remove field origin from order
--
ALTER TABLE "shop_order" DROP COLUMN "origin" CASCADE; -- expect: drop-column
--
-- Rename model Basket to Cart
--
ALTER TABLE "shop_basket" RENAME TO "shop_cart"; -- expect: rename-table
--
-- Alter field total on order
--
ALTER TABLE "shop_order" ALTER COLUMN "total" TYPE numeric(12, 2) USING "total"::numeric(12, 2); -- expect: change-type
--
-- Alter unique_together for order (1 constraint(s))
--
ALTER TABLE "shop_order" ADD CONSTRAINT "shop_order_number_uniq" UNIQUE ("number", "tenant_id"); -- expect: new-unique, index-lock
COMMIT;
