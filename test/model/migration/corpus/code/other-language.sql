DO LANGUAGE plpython3u $$ plpy.execute("drop table orders") $$; -- expect: not-analysed
