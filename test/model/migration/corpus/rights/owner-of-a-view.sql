ALTER VIEW active_customers OWNER TO migrations; -- expect: privileges
