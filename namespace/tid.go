package namespace

import (
	"encoding/binary"
	"errors"

	"github.com/jackc/pgx/v5/pgtype"
)

// tid is where a version of a row lies in its table, its ctid; the zero tid is nowhere. With it, a row is found without descending
// an index, which gets deeper with the number of rows. An updated row lies elsewhere, and another one may take its place, as may
// any when the table is rewritten (VACUUM FULL). So the key is compared wherever a tid leads, and looked up in the index if it is
// not there.
type tid struct {
	page uint32
	item uint16
}

// ScanTID implements [pgtype.TIDScanner].
func (p *tid) ScanTID(v pgtype.TID) error {
	if !v.Valid {
		return errors.New("a row without a ctid")
	}
	*p = tid{v.BlockNumber, v.OffsetNumber}
	return nil
}

// TIDValue implements [pgtype.TIDValuer]. The zero tid finds nothing, since no row has the offset 0.
func (p tid) TIDValue() (pgtype.TID, error) {
	return pgtype.TID{BlockNumber: p.page, OffsetNumber: p.item, Valid: true}, nil
}

// tidBytes is how long a tid is on the wire.
const tidBytes = 6

func (p tid) append(b []byte) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint32(b, p.page), p.item)
}

// atPlaceSQL returns an expression for what of the inode i that the row k names, if that lies at k.at, else NULL.
func atPlaceSQL(what string) string {
	return `(SELECT ` + what + ` FROM inodes i WHERE i.ctid = k.at AND i.project_id = k.project_id AND i.id = k.id)`
}

// placedSQL yields the ctid of the inode that the row k names: k.at, if it lies there, or the one that byKeySQL finds.
var placedSQL = `LATERAL (SELECT coalesce(` + atPlaceSQL("ctid") + `, (SELECT ctid FROM inodes i WHERE ` + byKeySQL + `)) AS ctid OFFSET 0) AS placed`
