package granary.contract;

import java.io.IOException;
import java.net.URI;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.client.HdfsClientConfigKeys;

/**
 * What Hadoop's contract tests may expect of a server over webhdfs: what its own HDFSContract promises for HDFS. Some of it
 * no server can do over HTTP; what an HDFS does not pass for that reason, nobody else has to.
 */
final class WebHdfsContract extends AbstractFSContract {
  private FileSystem fs;

  WebHdfsContract(Configuration conf) {
    super(conf);
    addConfResource("contract/hdfs.xml");
  }

  @Override
  public void init() throws IOException {
    super.init();
    // HDFSContract's cluster has blocks of this size, so that the files of the tests have several.
    getConf().setInt(HdfsClientConfigKeys.DFS_BLOCK_SIZE_KEY, 1024);
    fs = FileSystem.newInstance(URI.create("webhdfs://" + System.getProperty(MiniDFSCluster.ADDRESS)), getConf());
  }

  @Override
  public void teardown() throws IOException {
    fs.close();
    super.teardown();
  }

  @Override
  public FileSystem getTestFileSystem() {
    return fs;
  }

  @Override
  public String getScheme() {
    return "webhdfs";
  }

  @Override
  public Path getTestPath() {
    return new Path("/test");
  }
}
