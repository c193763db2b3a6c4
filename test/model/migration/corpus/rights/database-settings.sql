ALTER DATABASE shop SET timezone = 'UTC'; -- expect: settings
