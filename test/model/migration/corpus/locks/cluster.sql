CLUSTER orders USING orders_pkey; -- expect: table-lock
