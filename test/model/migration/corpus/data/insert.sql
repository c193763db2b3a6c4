INSERT INTO channels (id, name) VALUES (1, 'web'), (2, 'shop') ON CONFLICT DO NOTHING;
