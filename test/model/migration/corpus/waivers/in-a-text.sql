-- A text is no comment.
INSERT INTO hints (text) VALUES ('-- slipway: allow drop-table: why not');
DROP TABLE baskets; -- expect: drop-table
