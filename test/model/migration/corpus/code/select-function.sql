-- A function of one's own does what its body says.
SELECT rebuild_search_index('orders'); -- expect: not-analysed
