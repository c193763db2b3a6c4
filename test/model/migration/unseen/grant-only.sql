GRANT SELECT (id, email) ON customers TO support;
REVOKE GRANT OPTION FOR SELECT ON customers FROM support; -- expect: privileges
