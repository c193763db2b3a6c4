CALL archive_old_orders(); -- expect: not-analysed
