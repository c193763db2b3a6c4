-- The rows of the child are no longer rows of the parent.
ALTER TABLE events_2019 NO INHERIT events; -- expect: data
