ALTER POLICY tenant_rows ON orders USING (tenant = current_setting('app.tenant')); -- expect: row-security
