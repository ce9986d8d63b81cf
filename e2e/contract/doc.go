// Package contract runs Hadoop's own filesystem tests against a server, over webhdfs, and compares the results with those
// on a real HDFS.
//
// The tests are in the jars that Apache publishes with Hadoop 3.4.2, and run as they were compiled: the contract suites of
// hadoop-common, and the suites of FileSystem, FileContext, ACLs and extended attributes that HDFS runs over webhdfs. The
// folder java has a program of some hundred lines that runs them; Maven fetches and compiles what it needs.
//
// HDFS runs these suites with a MiniDFSCluster, which is a NameNode and DataNodes in the process of the test. Here a class of
// the same name precedes it in the class path, and uses a server elsewhere as the cluster. So the server's tree is emptied
// where a test formats its cluster, and again before each suite. Where a test restarts its cluster, nothing happens and the
// test goes on (package crash restarts servers). Where a test looks up an inode's ACL in the NameNode's memory, it gets the
// ACL that the server reports. Tests that need a NameNode in the process for anything else fail, on HDFS as well.
// (One of the tests leaves two files of three bytes in /tmp/TestFSMainOperationsWebHdfs on this machine.)
//
// The file testdata/hdfs-3.4.2.txt has the result of each test on a real HDFS; the command in record writes it. Every test
// that passed there must pass on Granary. [Unheld] says why the others do not pass on HDFS.
package contract
