package server

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// TestBlocksOfRanges checks which blocks are listed for a range, and that both forms agree.
func TestBlocksOfRanges(t *testing.T) {
	h := newHouse(t, simple)
	const target = "/webhdfs/v1/user/ada/f?"
	h.do("PUT", target+"op=CREATE&blocksize=1048576", strings.Repeat("x", 2_500_000), h.as("ada")).want(t, 201, "")
	for query, want := range map[string][]int64{
		"":                                     {0, 1 << 20, 2 << 20},
		"&offset=0&length=0":                   {0},
		"&offset=1048575&length=1":             {0},
		"&offset=1048575&length=2":             {0, 1 << 20},
		"&offset=1048576":                      {1 << 20, 2 << 20},
		"&offset=2499999&length=99":            {2 << 20},
		"&offset=2500000":                      {},
		"&offset=1&length=9223372036854775807": {0, 1 << 20, 2 << 20},
	} {
		var short struct {
			BlockLocations struct {
				BlockLocation []struct{ Offset, Length int64 }
			}
		}
		a := h.do("GET", target+"op=GETFILEBLOCKLOCATIONS"+query, "", h.as("ada"))
		must(t, json.Unmarshal([]byte(a.body), &short))
		var long struct {
			LocatedBlocks struct {
				FileLength       int64
				LastLocatedBlock struct{ StartOffset int64 }
				LocatedBlocks    []struct {
					StartOffset int64
					Block       struct{ NumBytes int64 }
				}
			}
		}
		a = h.do("GET", target+"op=GET_BLOCK_LOCATIONS"+query, "", h.as("ada"))
		must(t, json.Unmarshal([]byte(a.body), &long))
		got, located := short.BlockLocations.BlockLocation, long.LocatedBlocks.LocatedBlocks
		if len(got) != len(want) || len(located) != len(want) {
			t.Errorf("%s: %v and %v; want blocks at %v", query, got, located, want)
			continue
		}
		for i := range want {
			length := min(1<<20, 2_500_000-want[i])
			if got[i].Offset != want[i] || got[i].Length != length || located[i].StartOffset != want[i] || located[i].Block.NumBytes != length {
				t.Errorf("%s: block %d is %v and %v; want %d bytes at %d", query, i, got[i], located[i], length, want[i])
			}
		}
		if long.LocatedBlocks.FileLength != 2_500_000 || long.LocatedBlocks.LastLocatedBlock.StartOffset != 2<<20 {
			t.Errorf("%s: %+v; want the file's length and its last block", query, long.LocatedBlocks)
		}
	}
	h.do("PUT", "/webhdfs/v1/user/ada/empty?op=CREATE&data=true", "", h.as("ada")).want(t, 201, "")
	h.do("GET", "/webhdfs/v1/user/ada/empty?op=GET_BLOCK_LOCATIONS", "", h.as("ada")).want(t, 200, `"lastLocatedBlock":null,"locatedBlocks":[]`)
}

// TestManyBlocksAreNotHeld: the block list of a file that was concatenated from many is written while it is read.
func TestManyBlocksAreNotHeld(t *testing.T) {
	h := newHouse(t, simple)
	const many = 400 // more than one write holds, in either form
	var members []member
	var parts []string
	for i := range many {
		members = append(members, file(strconv.Itoa(i), "x"))
		parts = append(parts, "/user/ada/"+strconv.Itoa(i))
	}
	if out := h.writeBatch("ada", "", archive(t, members...)); out.Written != many {
		t.Fatalf("%+v", out)
	}
	h.do("POST", "/webhdfs/v1"+parts[0]+"?op=CONCAT&sources="+strings.Join(parts[1:], ","), "", h.as("ada")).want(t, 200, "")
	target := "/webhdfs/v1" + parts[0] + "?op="
	for op, offset := range map[string]string{"GETFILEBLOCKLOCATIONS": `"offset":`, "GET_BLOCK_LOCATIONS": `"startOffset":`} {
		a := h.do("GET", target+op, "", h.as("ada"))
		if !json.Valid([]byte(a.body)) || a.StatusCode != 200 || a.ContentLength != -1 || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d, %d bytes, %v", op, a.StatusCode, a.ContentLength, a.Header)
		}
		rest, first := a.body, strings.Index(a.body, "[{")
		if op == "GET_BLOCK_LOCATIONS" { // whose answer names the last block first
			first = strings.Index(a.body, `"locatedBlocks":`)
		}
		rest = rest[first:]
		for i := range many {
			_, after, found := strings.Cut(rest, offset+strconv.Itoa(i)+",")
			if !found {
				t.Fatalf("%s: block %d is not where it belongs", op, i)
			}
			rest = after
		}
		if strings.Contains(rest, offset) {
			t.Errorf("%s: more than %d blocks", op, many)
		}
		if few := h.do("GET", target+op+"&length=1", "", h.as("ada")); few.ContentLength != int64(len(few.body)) {
			t.Errorf("%s of one block: %d bytes, and %d are announced", op, len(few.body), few.ContentLength)
		}
		if head := h.do("HEAD", target+op, "", h.as("ada")); head.StatusCode != 200 {
			t.Errorf("HEAD of %s: %d", op, head.StatusCode)
		}
	}
}

func TestStatusWithoutAMeasure(t *testing.T) {
	h := newHouse(t, simple)
	h.do("GET", "/webhdfs/v1/?op=GETSTATUS", "", h.as("ada")).want(t, 200, `{"FsStatus":{"capacity":1000000,"remaining":600000,"used":400000}}`)
	// Under a space quota its remaining room counts, but no more than there really is. A path that does not exist, or that the
	// caller may not look at, is no reason to refuse: HDFS does not check it.
	h.do("PUT", "/webhdfs/v1/quota/d?op=MKDIRS&permission=700", "", h.as("root")).want(t, 200, "true")
	h.do("PUT", "/webhdfs/v1/quota/d/f?op=CREATE&data=true&replication=2&blocksize=1048576", "hello", h.as("root")).want(t, 201, "")
	for limit, want := range map[string]string{
		"4000000": `{"capacity":4000000,"remaining":600000,"used":10}`, "5000": `{"capacity":5000,"remaining":4990,"used":10}`, "7": `{"capacity":7,"remaining":0,"used":10}`,
	} {
		h.do("PUT", "/webhdfs/v1/quota?op=SETQUOTA&storagespacequota="+limit, "", h.as("root")).want(t, 200, "")
		for _, path := range []string{"/quota", "/quota/d", "/quota/d/f"} {
			h.do("GET", "/webhdfs/v1"+path+"?op=GETSTATUS", "", h.as("root")).want(t, 200, want)
		}
	}
	for _, path := range []string{"/missing", "/quota/d/f", "/quota/d/f/x"} {
		h.do("GET", "/webhdfs/v1"+path+"?op=GETSTATUS", "", h.as("eve")).want(t, 200, `"capacity":1000000`)
	}
	c := &call{exchange: &exchange{server: &Server{}}}
	if err := c.getStatus(); err == nil || explain(err).hadoop != 400 {
		t.Errorf("%v; want that the server cannot tell", err)
	}
}
