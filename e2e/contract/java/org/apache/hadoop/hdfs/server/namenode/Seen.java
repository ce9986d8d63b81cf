package org.apache.hadoop.hdfs.server.namenode;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import java.io.IOException;
import java.util.List;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.AclEntry;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.permission.PermissionStatus;
import org.apache.hadoop.hdfs.DFSUtil;
import org.apache.hadoop.hdfs.server.protocol.NamenodeProtocols;
import org.mockito.invocation.InvocationOnMock;
import org.mockito.stubbing.Answer;

/**
 * The objects of a NameNode that the ACL and attribute tests reach into, with what a server says of itself in the place
 * of what a NameNode holds. They know what is written here and fail on everything else.
 */
public final class Seen {
  private Seen() {}

  /** A NameNode that knows its namesystem and the status of files. */
  public static NameNode nameNode(FileSystem fs) {
    FSNamesystem namesystem = namesystem(fs);
    NamenodeProtocols rpc = object(NamenodeProtocols.class, call -> switch (call.getMethod().getName()) {
      case "getFileInfo" -> fs.getFileStatus(new Path((String) call.getArgument(0)));
      default -> throw absent(call);
    });
    return object(NameNode.class, call -> switch (call.getMethod().getName()) {
      case "getNamesystem" -> namesystem;
      case "getRpcServer" -> rpc;
      default -> throw absent(call);
    });
  }

  /** A namesystem of which only the inodes are known. Checkpoints precede restarts, of which there are none. */
  public static FSNamesystem namesystem(FileSystem fs) {
    FSDirectory directory = object(FSDirectory.class, call -> switch (call.getMethod().getName()) {
      case "getINode" -> inode(fs, new Path((String) call.getArgument(0)));
      // Whether new files heed a default ACL before the client's umask. It is so by default, and cannot be switched here.
      case "isPosixAclInheritanceEnabled" -> true;
      case "setPosixAclInheritanceEnabled" -> {
        if (!(boolean) call.getArgument(0)) {
          throw absent(call);
        }
        yield null;
      }
      default -> throw absent(call);
    });
    return object(FSNamesystem.class, call -> switch (call.getMethod().getName()) {
      case "getFSDirectory" -> directory;
      case "enterSafeMode" -> null;
      case "saveNamespace" -> true;
      default -> throw absent(call);
    });
  }

  /**
   * An inode with the permission of the path, and an ACL if the server says that it has one. It says so twice, and
   * must not contradict itself.
   */
  private static INode inode(FileSystem fs, Path path) throws IOException {
    FileStatus status = fs.getFileStatus(path);
    List<AclEntry> entries = fs.getAclStatus(path).getEntries();
    if (status.hasAcl() == entries.isEmpty()) {
      throw new AssertionError(path + ": hasAcl is " + status.hasAcl() + ", and the entries are " + entries);
    }
    FsPermission plain = new FsPermission(status.getPermission().toShort());
    INode inode = new INodeDirectory(1, DFSUtil.string2Bytes(path.getName()),
        new PermissionStatus(status.getOwner(), status.getGroup(), plain), status.getModificationTime());
    if (!entries.isEmpty()) {
      inode.addAclFeature(new AclFeature(AclEntryStatusFormat.toInt(entries)));
    }
    return inode;
  }

  private static <T> T object(Class<T> type, Answer<?> answer) {
    return mock(type, withSettings().stubOnly().defaultAnswer(answer));
  }

  private static UnsupportedOperationException absent(InvocationOnMock call) {
    return new UnsupportedOperationException(call.getMethod() + " needs a NameNode in this process");
  }
}
