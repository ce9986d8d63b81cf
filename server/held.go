package server

import "sync/atomic"

// purpose is what requests hold memory for. Each purpose has bounds of its own: request bodies arrive soon or are refused, but
// clients may read archives and answers as slowly as they like.
type purpose int

const (
	forBodies   purpose = iota // that are read as a whole
	forArchives                // until they are sent
	forAnswers                 // that are not sent yet
	purposes
)

// held counts bytes of memory.
type held [purposes]atomic.Int64

// room is how many bytes may be held for a purpose.
type room struct {
	all, each int64
	little    int64 // what one archive, or one answer, may hold without being counted
}

// rooms are the defaults. Without these bounds, as many of the longest bodies or answers as may be under way would take gigabytes.
var rooms = [purposes]room{
	forBodies:   {all: 256 << 20, each: 128 << 20},
	forArchives: {all: 256 << 20, each: 128 << 20, little: 1 << 20},   // there are at most batchesAll
	forAnswers:  {all: 256 << 20, each: 128 << 20, little: 512 << 10}, // a page of a listing is not longer
}

// noRoom says what is wrong if a principal holds too much for a purpose, and if all together do.
var noRoom = [purposes]struct{ each, all string }{
	forBodies: {
		each: "The bodies of your requests take more memory than this server gives to one user; wait until some requests are done.",
		all:  "The server has no memory left for request bodies; try again.",
	},
	forArchives: {
		each: "The archives that are made for you hold as much as this server holds for one user until they are sent; wait for some of them, or ask for a tar.",
		all:  "The server is making as many long archives as it can; try again, or ask for a tar.",
	},
	forAnswers: {
		each: "The answers that you have not taken yet are longer together than what this server holds for one user; read them first, or ask for less.",
		all:  "The server holds as many long answers as it can; try again, or ask for less.",
	},
}

// hold counts n more bytes as held by u, which is nil while the principal is not known, until the caller calls letGo, and fails if there is no
// room for them. They are counted in either case.
func (l *limiter) hold(why purpose, u *use, n int64) error {
	room := l.rooms[why] // read before anything is counted, so that a test that has seen the sum may change it
	all, each := l.held[why].Add(n), int64(0)
	if u != nil {
		each = u.held[why].Add(n)
	}
	switch {
	case each > room.each:
		return &denial{face: tooManyRequests, retry: shedRetry, msg: noRoom[why].each}
	case all > room.all:
		return &denial{face: tooBusy, retry: shedRetry, msg: noRoom[why].all}
	}
	return nil
}

// letGo counts n bytes as held no more.
func (l *limiter) letGo(why purpose, u *use, n int64) {
	l.held[why].Add(-n)
	if u != nil {
		u.held[why].Add(-n)
	}
}
