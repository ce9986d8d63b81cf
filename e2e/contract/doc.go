// Package contract runs Hadoop's own tests of file systems against a server, over webhdfs, and compares what passes with
// what passes on a real HDFS.
//
// The tests are those of the jars that Apache publishes with Hadoop 3.4.2, as they were compiled: the contract suites of
// hadoop-common, and the suites of FileSystem, FileContext, ACLs and extended attributes that HDFS runs over webhdfs. The
// folder java holds a program of some hundred lines that runs them; Maven fetches and compiles what it needs.
//
// HDFS runs these suites with a MiniDFSCluster, a NameNode and DataNodes in the process of the test. Here a class of the
// same name stands in front of it in the class path, for which the cluster is a server elsewhere. So the server's tree is
// emptied where a test formats its cluster, and again before each suite. Where a test restarts its cluster, nothing
// happens and the test goes on (package crash restarts servers). Where a test looks into the NameNode's memory for an
// inode's ACL, it sees what the server tells of it. What else needs a NameNode in the process fails, on HDFS as well.
// (One of the tests leaves two files of three bytes in /tmp/TestFSMainOperationsWebHdfs on this machine.)
//
// The file testdata/hdfs-3.4.2.txt says what became of each test on a real HDFS; the command in record writes it. Whatever
// passed there must pass on Granary. Why the others do not pass on HDFS either, [Unheld] says.
package contract
