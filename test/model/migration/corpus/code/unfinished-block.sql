DO $$ -- expect: syntax
BEGIN
  IF true THEN
END
$$;
