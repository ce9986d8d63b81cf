package server

const (
	perZipMember   = 400      // held for each member of a zip, beside its name
	heldOfArchives = 64 << 10 // counted at a time for an archive that grows beyond its survey
)

// archiveHeld is what one archive holds in memory until its end.
type archiveHeld struct {
	*limiter
	use     *use // of the principal that asked for it
	counted int64
}

func (c *call) newArchiveHeld() *archiveHeld {
	return &archiveHeld{limiter: c.server.limits, use: c.server.limits.of(c.principal.User)}
}

// upTo counts the archive as holding n bytes in total, and fails if there is no room.
func (h *archiveHeld) upTo(n int64) error {
	if n <= max(h.counted, h.rooms[forArchives].little) {
		return nil
	}
	if h.counted > 0 {
		n = max(n, h.counted+heldOfArchives)
	}
	more := n - h.counted
	h.counted = n
	return h.hold(forArchives, h.use, more)
}

// end gives back what the archive holds.
func (h *archiveHeld) end() { h.letGo(forArchives, h.use, h.counted) }
