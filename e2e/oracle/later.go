package oracle

// Later are the sequences, by operation and name, that ask for what Granary does not offer yet: quotas. They are asked
// all the same, and one that is answered as HDFS answers must leave this list.
var Later = map[string]bool{
	"getcontentsummary/a closed directory inside": true,
	"getcontentsummary/missing":                   true,
	"getcontentsummary/of a tree":                 true,
	"getcontentsummary/with quotas":               true,
	"quota/on a file":                             true,
	"quota/too many bytes":                        true,
	"quota/too many names":                        true,
	"quota/values":                                true,
}
