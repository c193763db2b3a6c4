ALTER TABLE bookings
  ADD CONSTRAINT one_guest EXCLUDE USING gist (room WITH =, during WITH &&); -- expect: new-unique, index-lock
