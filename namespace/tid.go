package namespace

import (
	"encoding/binary"
	"errors"

	"github.com/jackc/pgx/v5/pgtype"
)

// tid is where a version of a row lies in its table, its ctid; the zero tid is nowhere. Who knows it finds the row without going down an
// index, which has the more levels the more rows there are. A row that is written again lies elsewhere from then on, and another one may come
// to lie there, as may any when the table was rewritten (VACUUM FULL): so the key is compared wherever a tid leads, and looked up if it leads nowhere.
type tid struct {
	page uint32
	item uint16
}

// ScanTID takes what the database says.
func (p *tid) ScanTID(v pgtype.TID) error {
	if !v.Valid {
		return errors.New("a row without a ctid")
	}
	*p = tid{v.BlockNumber, v.OffsetNumber}
	return nil
}

// TIDValue is what the database is told. No row has the offset 0.
func (p tid) TIDValue() (pgtype.TID, error) {
	return pgtype.TID{BlockNumber: p.page, OffsetNumber: p.item, Valid: true}, nil
}

// tidBytes is how long a tid is on the wire.
const tidBytes = 6

func (p tid) append(b []byte) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint32(b, p.page), p.item)
}

// atPlaceSQL is what of the inode i that the row k names, if it lies at k.at; else NULL.
func atPlaceSQL(what string) string {
	return `(SELECT ` + what + ` FROM inodes i WHERE i.ctid = k.at AND i.project_id = k.project_id AND i.id = k.id)`
}

// placedSQL is where the inode lies that the row k names: at k.at, or where byKeySQL finds it.
var placedSQL = `LATERAL (SELECT coalesce(` + atPlaceSQL("ctid") + `, (SELECT ctid FROM inodes i WHERE ` + byKeySQL + `)) AS ctid OFFSET 0) AS placed`
