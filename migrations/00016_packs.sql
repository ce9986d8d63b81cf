-- Several files in one block.

-- +goose Up

-- Bytes of plaintext in the block that extents refer to, and for an open block also those of uploads that may still be published.
ALTER TABLE blocks ADD COLUMN live bigint NOT NULL DEFAULT 0;
UPDATE blocks b SET live = n.live FROM (SELECT block_id, sum(len)::bigint AS live FROM extents GROUP BY 1) n WHERE b.id = n.block_id AND b.state = 'l';

-- o: open: some of the uploads that share the block have been published, and others may still be.
ALTER TABLE blocks DROP CONSTRAINT blocks_state_check;
ALTER TABLE blocks ADD CONSTRAINT blocks_state_check CHECK (state IN ('p', 'o', 'l', 'g'));

CREATE INDEX extents_by_block ON extents (block_id);
-- Blocks of which less than half is in use: what is left is to be moved to others.
CREATE INDEX blocks_sparse ON blocks (id) WHERE state = 'l' AND live * 2 < size;

-- +goose StatementBegin
CREATE FUNCTION block_is_gone() RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a block of this upload was collected while it ran' USING ERRCODE = 'GR002';
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION block_is_gone;
DROP INDEX blocks_sparse;
DROP INDEX extents_by_block;
UPDATE blocks SET state = 'l' WHERE state = 'o';
ALTER TABLE blocks DROP CONSTRAINT blocks_state_check;
ALTER TABLE blocks ADD CONSTRAINT blocks_state_check CHECK (state IN ('p', 'l', 'g'));
ALTER TABLE blocks DROP COLUMN live;
