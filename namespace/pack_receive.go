package namespace

import (
	"bytes"
	"context"
	"io"
	"sync"

	"granary/namespace/filesum"
)

// receiveNew is receive for the content of a new file. If it is neither short nor long it shares a block with others.
func (fs *FS) receiveNew(ctx context.Context, project int64, r io.Reader, size int64, start func() (*filesum.Sum, error)) (*body, error) {
	most := size
	if size < 0 {
		most = PackMax
	}
	if most <= RowMax || most > PackMax || !fs.packer.reserve(most) {
		return fs.receive(ctx, project, r, size, start)
	}
	content := packBuffers.Get().(*bytes.Buffer)
	giveBack := sync.OnceFunc(func() {
		fs.packer.release(most)
		if content.Reset(); content.Cap() <= 2*PackMax {
			packBuffers.Put(content)
		}
	})
	defer giveBack()
	source := bodyReader{r}
	n, err := content.ReadFrom(io.LimitReader(source, RowMax+1))
	if err == nil && n > RowMax {
		content.Grow(int(most) + 1 - RowMax + bytes.MinRead) // or it would grow to twice of what is needed
		var more int64
		more, err = content.ReadFrom(io.LimitReader(source, most-RowMax))
		n += more
	}
	switch {
	case err != nil:
		return nil, bodyFailure(err)
	case size >= 0 && n > size:
		return nil, overlong(size)
	case size >= 0 && n < size:
		return nil, lengthFailure(n, size)
	case n > PackMax:
		sum, err := start()
		if err != nil {
			return nil, err
		}
		// Content that is written as it arrives may take long, so the buffer is given back as soon as it was read.
		drained := readerOf(func() (int, error) { giveBack(); return 0, io.EOF })
		b, err := fs.write(ctx, project, io.MultiReader(content, drained, source), size, sum)
		return b, bodyFailure(err)
	case n <= RowMax:
		return fs.shortBody(ctx, project, bytes.Clone(content.Bytes()))
	}
	b := &body{project: project, size: n, extents: make([]extent, 1)}
	if b.extents[0], b.pack, err = fs.packer.put(ctx, project, content.Bytes()); err != nil {
		return nil, err
	}
	return b, nil
}

// packBuffers is a pool of empty buffers for content to be packed.
var packBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readerOf is a reader that puts nothing into the buffer.
type readerOf func() (int, error)

func (f readerOf) Read([]byte) (int, error) { return f() }
