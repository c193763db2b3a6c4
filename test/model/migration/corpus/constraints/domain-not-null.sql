ALTER DOMAIN email_address SET NOT NULL; -- expect: set-not-null
