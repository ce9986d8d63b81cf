-- Several files in one block.

-- +goose Up

-- Plaintext that extents have of a block, and of an open one also uploads that may still come to have it.
ALTER TABLE blocks ADD COLUMN live bigint NOT NULL DEFAULT 0;
UPDATE blocks b SET live = n.live FROM (SELECT block_id, sum(len)::bigint AS live FROM extents GROUP BY 1) n WHERE b.id = n.block_id AND b.state = 'l';

-- o: open, some of the uploads that share it have been published, and others may be.
ALTER TABLE blocks DROP CONSTRAINT blocks_state_check;
ALTER TABLE blocks ADD CONSTRAINT blocks_state_check CHECK (state IN ('p', 'o', 'l', 'g'));

CREATE INDEX extents_by_block ON extents (block_id);
-- Those of which little is left: what is left is to be put elsewhere.
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
