-- One long transaction that locks every row, and changes what the running version reads.
UPDATE orders SET state = 'done' WHERE state = 'finished'; -- expect: data
