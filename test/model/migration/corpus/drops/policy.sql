-- With row security on, rows become invisible without their policy.
DROP POLICY tenant_rows ON orders; -- expect: drop-object
