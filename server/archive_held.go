package server

// Bounds of what archives hold in memory until their ends, in bytes. Their clients may take them as slowly as they like, so it is counted beside the
// bodies that are held: those are soon there, or refused.
const (
	defaultArchives     = 256 << 20
	defaultArchivesEach = defaultArchives / 2 // by one principal

	// littleOfArchive is what each archive may hold besides, of those that hold no more: there are at most batchesAll.
	littleOfArchive = 1 << 20

	perZipMember   = 400      // is held of a member of a zip, beside its name
	heldOfArchives = 64 << 10 // is counted at once, of an archive that becomes longer than it was when it began
)

// archiveHeld is what one archive holds.
type archiveHeld struct {
	*limiter
	use     *use // of who asked for it
	counted int64
}

func (c *call) newArchiveHeld() *archiveHeld {
	return &archiveHeld{limiter: c.server.limits, use: c.server.limits.of(c.principal.User)}
}

// upTo counts n bytes as held by the archive, beside those that are counted already of them, and fails if there is no room.
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

// count counts n bytes more as held. It returns how many are, of the principal and of all.
func (h *archiveHeld) count(n int64) (each, all int64) {
	h.counted += n
	return h.use.archives.Add(n), h.limiter.archives.Add(n)
}

// end ends what the archive holds.
func (h *archiveHeld) end() { h.count(-h.counted) }
