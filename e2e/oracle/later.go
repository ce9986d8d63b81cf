package oracle

// Later are the sequences, by operation and name, that ask for what Granary does not offer yet: quotas. They are asked
// all the same, and one that is answered as HDFS answers must leave this list.
var Later = map[string]bool{}
