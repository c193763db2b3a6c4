PREPARE gone AS DELETE FROM orders; -- expect: data
EXECUTE gone; -- expect: not-analysed
