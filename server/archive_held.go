package server

// Bounds of what archives hold in memory until their ends, in bytes. Clients may read them as slowly as they like, so they are
// counted apart from the request bodies, which arrive soon or are refused.
const (
	defaultArchives     = 256 << 20
	defaultArchivesEach = defaultArchives / 2 // by one principal

	// littleOfArchive is how much an archive may hold without being counted. There are at most batchesAll archives.
	littleOfArchive = 1 << 20

	perZipMember   = 400      // held for each member of a zip, beside its name
	heldOfArchives = 64 << 10 // counted at a time for an archive that grows beyond its survey
)

// archiveHeld is what one archive holds.
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
	if n <= max(h.counted, h.archiveLittle) {
		return nil
	}
	if h.counted > 0 {
		n = max(n, h.counted+heldOfArchives)
	}
	each, all := h.count(n - h.counted)
	switch {
	case each > h.archivesEach:
		return &denial{
			face: tooManyRequests, retry: shedRetry,
			msg: "The archives that are made for you hold as much as this server holds for one user until they are sent; wait for some of them, or ask for a tar.",
		}
	case all > h.archivesAll:
		return &denial{face: tooBusy, retry: shedRetry, msg: "The server is making as many long archives as it can; try again, or ask for a tar."}
	}
	return nil
}

// count counts n more bytes as held, and returns how many the principal and all together hold now.
func (h *archiveHeld) count(n int64) (each, all int64) {
	h.counted += n
	return h.use.archives.Add(n), h.limiter.archives.Add(n)
}

// end gives back what the archive holds.
func (h *archiveHeld) end() { h.count(-h.counted) }
