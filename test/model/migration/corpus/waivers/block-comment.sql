/* slipway: allow index-lock: the table has 40 rows */
CREATE INDEX channels_name_idx ON channels (name); -- waived: index-lock
