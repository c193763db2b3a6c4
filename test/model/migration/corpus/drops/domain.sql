DROP DOMAIN email_address; -- expect: drop-object
