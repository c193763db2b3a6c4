ALTER TABLE order_tags ADD PRIMARY KEY (order_id, tag_id); -- expect: new-unique, index-lock
