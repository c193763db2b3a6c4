ALTER ROLE app SET statement_timeout = '5s'; -- expect: settings
GRANT app TO deploy;
ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE ALL ON TABLES FROM PUBLIC; -- expect: privileges
