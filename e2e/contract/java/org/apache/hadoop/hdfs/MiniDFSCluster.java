package org.apache.hadoop.hdfs;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import java.io.IOException;
import java.net.URI;
import java.security.PrivilegedExceptionAction;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.server.namenode.FSNamesystem;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.hdfs.server.namenode.Seen;
import org.apache.hadoop.security.UserGroupInformation;
import org.mockito.AdditionalAnswers;

/**
 * Stands in for the class of this name in hadoop-hdfs's test jar, which starts a NameNode and DataNodes inside the JVM.
 * Here the cluster is a server that runs elsewhere, already, and is known by its HTTP address alone. This class comes
 * before the jar in the class path, so that Hadoop's published test classes run as they were compiled.
 *
 * <p>Nothing is restarted: a cluster that is built without being formatted is the server as it stands. What can only be
 * done inside the process of a NameNode fails with an UnsupportedOperationException or a linkage error.
 */
public final class MiniDFSCluster implements AutoCloseable {
  /** Names the system property with the server's HTTP address, host:port. */
  public static final String ADDRESS = "contract.address";

  private final Configuration conf;

  private MiniDFSCluster(Configuration conf) {
    this.conf = conf;
  }

  /** What the tests set of a cluster. */
  public static final class Builder {
    private final Configuration conf;
    private int dataNodes = 1;
    private boolean format = true;

    public Builder(Configuration conf) {
      this.conf = conf;
    }

    public Builder numDataNodes(int n) {
      dataNodes = n;
      return this;
    }

    public Builder format(boolean yes) {
      format = yes;
      return this;
    }

    /** Enters the server into the configuration, as the real one does, and empties it if it is to be formatted. */
    public MiniDFSCluster build() throws IOException {
      String address = System.getProperty(ADDRESS);
      if (address == null) {
        throw new IllegalStateException("the property " + ADDRESS + " is not set");
      }
      conf.set(CommonConfigurationKeysPublic.FS_DEFAULT_NAME_KEY, "webhdfs://" + address);
      conf.set(DFSConfigKeys.DFS_NAMENODE_HTTP_ADDRESS_KEY, address);
      conf.setInt(DFSConfigKeys.DFS_REPLICATION_KEY, Math.min(conf.getInt(DFSConfigKeys.DFS_REPLICATION_KEY, 3), dataNodes));
      MiniDFSCluster cluster = new MiniDFSCluster(conf);
      if (format) {
        cluster.format();
      }
      return cluster;
    }
  }

  /** Leaves of the server's tree what a formatted HDFS has: an empty root that the superuser alone may write. */
  private void format() throws IOException {
    try {
      UserGroupInformation.getLoginUser().doAs((PrivilegedExceptionAction<Void>) () -> {
        try (FileSystem fs = FileSystem.newInstance(getURI(), conf)) {
          Path root = new Path("/");
          for (FileStatus child : fs.listStatus(root)) {
            fs.delete(child.getPath(), true);
          }
          fs.removeAcl(root);
          fs.setPermission(root, FsPermission.createImmutable((short) 0755));
        }
        return null;
      });
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  public void waitActive() {}

  public void waitClusterUp() {}

  public void shutdown() {}

  @Override
  public void close() {}

  public Configuration getConfiguration(int nameNode) {
    return conf;
  }

  public URI getURI() {
    return URI.create("webhdfs://" + conf.get(DFSConfigKeys.DFS_NAMENODE_HTTP_ADDRESS_KEY));
  }

  public URI getURI(int nameNode) {
    return getURI();
  }

  public String getHttpUri(int nameNode) {
    return "http://" + conf.get(DFSConfigKeys.DFS_NAMENODE_HTTP_ADDRESS_KEY);
  }

  /**
   * The server as the current user sees it. The tests' byte code wants a DistributedFileSystem: every call is passed on
   * to a WebHdfsFileSystem, and fails if that has no such method.
   */
  public DistributedFileSystem getFileSystem() throws IOException {
    FileSystem web = FileSystem.get(getURI(), conf);
    return mock(DistributedFileSystem.class, withSettings().stubOnly().defaultAnswer(AdditionalAnswers.delegatesTo(web)));
  }

  /** What the tests look up inside a NameNode, as the current user sees it from outside. */
  public FSNamesystem getNamesystem() throws IOException {
    return Seen.namesystem(FileSystem.get(getURI(), conf));
  }

  public NameNode getNameNode() throws IOException {
    return Seen.nameNode(FileSystem.get(getURI(), conf));
  }
}
