CREATE INDEX IF NOT EXISTS orders_state_idx ON public.orders USING btree (state) WHERE state <> 'done'; -- expect: index-lock
