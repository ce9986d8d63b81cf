package oracle

// Later are the sequences, by operation and name, that ask for what Granary does not offer yet: extended attributes,
// quotas, CONCAT, TRUNCATE, storage policies, trash, delegation tokens, proxy users, access times, the reserved paths.
// They are asked all the same, and one that is answered as HDFS answers must leave this list.
var Later = map[string]bool{
	"getcontentsummary/a closed directory inside": true,
	"getcontentsummary/missing":                   true,
	"getcontentsummary/of a tree":                 true,
	"getcontentsummary/with quotas":               true,
	"getfilestatus/reserved paths":                true,
	"names/a snapshot name":                       true,
	"protocol/delegation tokens without security": true,
	"protocol/doas":                               true,
	"quota/on a file":                             true,
	"quota/too many bytes":                        true,
	"quota/too many names":                        true,
	"quota/values":                                true,
	"storage/erasure coding":                      true,
	"storage/snapshots that are not allowed":      true,
}
