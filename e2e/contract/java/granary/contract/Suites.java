package granary.contract;

import java.net.URI;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FCStatisticsBaseTest;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileContextURIBase;
import org.apache.hadoop.fs.FileContextUtilBase;
import org.apache.hadoop.fs.FileSystem.Statistics;
import org.apache.hadoop.fs.TestFcHdfsCreateMkdir;
import org.apache.hadoop.fs.TestFcHdfsPermission;
import org.apache.hadoop.fs.TestFcHdfsSetUMask;
import org.apache.hadoop.fs.TestWebHdfsFileContextMainOperations;
import org.apache.hadoop.fs.contract.AbstractContractAppendTest;
import org.apache.hadoop.fs.contract.AbstractContractBulkDeleteTest;
import org.apache.hadoop.fs.contract.AbstractContractConcatTest;
import org.apache.hadoop.fs.contract.AbstractContractContentSummaryTest;
import org.apache.hadoop.fs.contract.AbstractContractCopyFromLocalTest;
import org.apache.hadoop.fs.contract.AbstractContractCreateTest;
import org.apache.hadoop.fs.contract.AbstractContractDeleteTest;
import org.apache.hadoop.fs.contract.AbstractContractGetEnclosingRoot;
import org.apache.hadoop.fs.contract.AbstractContractGetFileStatusTest;
import org.apache.hadoop.fs.contract.AbstractContractMkdirTest;
import org.apache.hadoop.fs.contract.AbstractContractMultipartUploaderTest;
import org.apache.hadoop.fs.contract.AbstractContractOpenTest;
import org.apache.hadoop.fs.contract.AbstractContractRenameTest;
import org.apache.hadoop.fs.contract.AbstractContractRootDirectoryTest;
import org.apache.hadoop.fs.contract.AbstractContractSeekTest;
import org.apache.hadoop.fs.contract.AbstractContractSetTimesTest;
import org.apache.hadoop.fs.contract.AbstractContractUnbufferTest;
import org.apache.hadoop.fs.contract.AbstractContractVectoredReadTest;
import org.apache.hadoop.fs.contract.AbstractFSContract;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.web.resources.TestWebHdfsCreatePermissions;
import org.apache.hadoop.hdfs.web.TestFSMainOperationsWebHdfs;
import org.apache.hadoop.hdfs.web.TestWebHDFSAcl;
import org.apache.hadoop.hdfs.web.TestWebHDFSXAttr;
import org.apache.hadoop.hdfs.web.TestWebHdfsFileSystemContract;
import org.junit.Assert;
import org.junit.Before;
import org.junit.BeforeClass;

/**
 * The suites that are run: classes that Hadoop published for WebHDFS or for HDFS, as they are, and small classes here
 * that give the abstract ones a contract.
 *
 * <p>Left out is what asks for a client that webhdfs does not have: LeaseRecovery and SafeMode (administration over
 * RPC), PathHandle and Etag (files by number or version), StreamIOStatistics (counters of streams). So are symbolic links,
 * which HDFS has switched off.
 */
final class Suites {
  private Suites() {}

  static final List<Class<?>> ALL = List.of(
      Append.class, BulkDelete.class, Concat.class, ContentSummary.class, CopyFromLocal.class, Create.class, Delete.class,
      GetEnclosingRoot.class, GetFileStatus.class, Mkdir.class, MultipartUploader.class, Open.class, Rename.class,
      RootDirectory.class, Seek.class, SetTimes.class, Unbuffer.class, VectoredRead.class,
      TestWebHdfsFileSystemContract.class, TestFSMainOperationsWebHdfs.class, TestWebHdfsCreatePermissions.class,
      TestWebHdfsFileContextMainOperations.class, TestFcHdfsCreateMkdir.class, TestFcHdfsPermission.class,
      TestFcHdfsSetUMask.class, ContextStatistics.class, ContextURI.class, ContextUtil.class,
      TestWebHDFSAcl.class, TestWebHDFSXAttr.class);

  /** A suite goes by the name under which Hadoop published its tests. */
  static String name(Class<?> suite) {
    return suite.getName().startsWith("org.apache.hadoop.") ? suite.getSimpleName() : suite.getSuperclass().getSimpleName();
  }

  public static class Append extends AbstractContractAppendTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class BulkDelete extends AbstractContractBulkDeleteTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Concat extends AbstractContractConcatTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class ContentSummary extends AbstractContractContentSummaryTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class CopyFromLocal extends AbstractContractCopyFromLocalTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Create extends AbstractContractCreateTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Delete extends AbstractContractDeleteTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class GetEnclosingRoot extends AbstractContractGetEnclosingRoot {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class GetFileStatus extends AbstractContractGetFileStatusTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Mkdir extends AbstractContractMkdirTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Open extends AbstractContractOpenTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Rename extends AbstractContractRenameTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class RootDirectory extends AbstractContractRootDirectoryTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Seek extends AbstractContractSeekTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class SetTimes extends AbstractContractSetTimesTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class Unbuffer extends AbstractContractUnbufferTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  public static class VectoredRead extends AbstractContractVectoredReadTest {
    public VectoredRead(String bufferType) {
      super(bufferType);
    }

    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }
  }

  /** Its answers are those of TestHDFSContractMultipartUploader. */
  public static class MultipartUploader extends AbstractContractMultipartUploaderTest {
    @Override
    protected AbstractFSContract createContract(Configuration conf) {
      return new WebHdfsContract(conf);
    }

    @Override
    protected int partSizeInBytes() {
      return 1024;
    }

    @Override
    protected boolean finalizeConsumesUploadIdImmediately() {
      return true;
    }

    @Override
    protected boolean supportsConcurrentUploadsToSamePath() {
      return true;
    }
  }

  private static FileContext context() throws Exception {
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(new Configuration()).format(false).build();
    return FileContext.getFileContext(cluster.getURI(), cluster.getConfiguration(0));
  }

  public static class ContextURI extends FileContextURIBase {
    @Before
    @Override
    public void setUp() throws Exception {
      fc1 = context();
      fc2 = fc1;
      super.setUp();
    }
  }

  public static class ContextUtil extends FileContextUtilBase {
    @Before
    @Override
    public void setUp() throws Exception {
      fc = context();
      super.setUp();
    }
  }

  /** Its counts are those of TestLocalFsFCStatistics, without the bytes of checksum files. */
  public static class ContextStatistics extends FCStatisticsBaseTest {
    @BeforeClass
    public static void connect() throws Exception {
      fc = context();
      FileContext.clearStatistics(); // of the suites before this one
    }

    @Override
    protected void verifyReadBytes(Statistics stats) {
      Assert.assertEquals(2 * blockSize, stats.getBytesRead());
    }

    @Override
    protected void verifyWrittenBytes(Statistics stats) {
      Assert.assertEquals(blockSize, stats.getBytesWritten());
    }

    @Override
    protected URI getFsUri() {
      return fc.getHomeDirectory().toUri();
    }
  }
}
