-- Without a policy for its role, the running version sees no row.
ALTER TABLE orders ENABLE ROW LEVEL SECURITY; -- expect: row-security
