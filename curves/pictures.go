package curves

import (
	"bytes"
	"hash/crc32"
	"slices"

	"granary/tfevents"
)

// tagPictures bounds the images that are kept of one tag of a file. Only their places are kept, not their bytes.
const tagPictures = 1000

// Types of images that are given out. The first bytes of an image decide, not what its writer says.
const (
	PNG  = "image/png"
	JPEG = "image/jpeg"
	GIF  = "image/gif" // as which add_video of PyTorch writes a film
)

// Picture is an image of a tag at a step.
type Picture struct {
	Step          int64
	WallTime      float64 // seconds since 1970
	Sample        int     // index among those that were written together, from 0
	Width, Height int64   // pixels, as the writer says; 0: unknown
	Length        int64   // bytes
	Type          string  // PNG, JPEG, GIF, or "" for any other, which is not given out

	offset int64 // in the file
	sum    uint32
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// typeOf returns the type of an image by its first bytes, "" if it is none of these.
func typeOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return GIF
	}
	return ""
}

// pictures are the images of one tag of a file. If there are more than may be kept, every second step is dropped.
type pictures struct {
	kept   []Picture
	stride int64 // one step in so many is kept; 0: all
	steps  int64 // steps seen
}

// add appends the images of an event and keeps up to most in all. It returns how many more are kept than before.
func (s *pictures) add(e *tfevents.Event, images []tfevents.Image, most int) (more int) {
	before := len(s.kept)
	if s.steps%max(1, s.stride) == 0 {
		for i, m := range images {
			s.kept = append(s.kept, Picture{
				Step: e.Step, WallTime: e.WallTime, Sample: i, Width: m.Width, Height: m.Height, Length: int64(len(m.Data)), Type: typeOf(m.Data),
				offset: m.Offset, sum: crc32.Checksum(m.Data, castagnoli),
			})
		}
	}
	s.steps++
	for len(s.kept) > max(most, 2) {
		s.stride = max(2, 2*s.stride)
		nth := int64(-1)
		was := len(s.kept)
		s.kept = slices.DeleteFunc(s.kept, func(p Picture) bool {
			if p.Sample == 0 {
				nth++
			}
			return nth%2 == 1
		})
		if len(s.kept) == was { // all are of one step
			s.kept = s.kept[:most]
		}
		s.kept = slim(s.kept)
	}
	return len(s.kept) - before
}

// cut drops images with this step or a later one. It returns how many more are kept than before, which is not positive.
func (s *pictures) cut(step int64) (more int) {
	before := len(s.kept)
	s.kept = slim(slices.DeleteFunc(s.kept, func(p Picture) bool { return p.Step >= step }))
	return len(s.kept) - before
}
