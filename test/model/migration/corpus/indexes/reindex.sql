REINDEX TABLE orders; -- expect: index-lock
