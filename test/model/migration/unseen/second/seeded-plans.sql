INSERT INTO plans (id, name) SELECT 9, 'team' WHERE NOT EXISTS (SELECT 1 FROM plans WHERE id = 9);
INSERT INTO plans (id, name) VALUES (10, 'x') ON CONFLICT (id) DO UPDATE SET name = 'x'; -- expect: data
