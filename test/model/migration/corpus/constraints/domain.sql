-- Every column of the domain is checked, and takes only such values from now on.
ALTER DOMAIN email_address ADD CONSTRAINT has_at CHECK (value LIKE '%@%'); -- expect: new-check, not-valid
