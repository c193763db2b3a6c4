ALTER SYSTEM SET max_connections = 50; -- expect: settings
