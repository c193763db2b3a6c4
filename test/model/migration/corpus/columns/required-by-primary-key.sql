ALTER TABLE order_tags ADD COLUMN id uuid PRIMARY KEY; -- expect: required-column, index-lock
