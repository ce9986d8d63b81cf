-- Aborts a transaction if something is no longer as it was when the changes were decided.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION not_as_decided() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'not as decided' USING ERRCODE = 'GR003';
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION not_as_decided;
