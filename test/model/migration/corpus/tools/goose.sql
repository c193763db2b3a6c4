-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
-- +goose StatementEnd
ALTER TABLE orders DROP COLUMN origin; -- expect: drop-column

-- +goose Down
DROP FUNCTION one();
