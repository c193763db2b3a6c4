CREATE POLICY own_tenant ON orders AS RESTRICTIVE USING (tenant = current_setting('app.tenant')); -- expect: row-security
