ALTER TABLE orders FORCE ROW LEVEL SECURITY; -- expect: row-security
