// Record prints what Apache Hadoop's own classes answer to pseudo-random questions
// about permissions, one question and its answer a line, separated by tabs. The
// lines of answers.txt came from it:
//
//   javac -cp 'LIB/*' -d OUT Record.java
//   java -cp 'OUT:LIB/*' org.apache.hadoop.hdfs.server.namenode.Record 1 150 > answers.txt
//
// where LIB holds the jars of Hadoop 3.4.2; the arguments are the seed and how many
// questions of each kind. It stands in this package because the classes are not public.
package org.apache.hadoop.hdfs.server.namenode;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.HadoopIllegalArgumentException;
import org.apache.hadoop.fs.permission.AclEntry;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.permission.PermissionStatus;
import org.apache.hadoop.hdfs.protocol.AclException;
import org.apache.hadoop.hdfs.server.namenode.snapshot.Snapshot;
import org.apache.hadoop.hdfs.web.resources.AclPermissionParam;
import org.apache.hadoop.security.UserGroupInformation;

public class Record {
  private static final String[] USERS = {"ann", "bob", "eve"};
  private static final String[] GROUPS = {"ops", "team", "web"};
  private static final int NOW = Snapshot.CURRENT_STATE_ID;
  private static Random random;

  public static void main(String[] args) throws Exception {
    random = new Random(Long.parseLong(args[0]));
    int count = Integer.parseInt(args[1]);
    for (int i = 0; i < count; i++) {
      parse();
    }
    for (int i = 0; i < count; ) {
      i += changes();
    }
    for (int i = 0; i < count; i++) {
      inherit();
    }
    for (int i = 0; i < count; i++) {
      access();
    }
  }

  // parse: with|without permissions, text, entries or refusal.
  private static void parse() {
    StringBuilder text = new StringBuilder();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      text.append(random.nextInt(4) == 0 ? "default:" : "");
      text.append(pick("user", "group", "mask", "other", "user", "group", "user", "group", "user", "USER"));
      text.append(random.nextInt(40) == 0 ? "" : ":");
      text.append(pick("", "", "", "bob", "rwx", "a.b-c_d", "9to5", "default", "bob", "a@b"));
      text.append(random.nextInt(40) == 0 ? "" : ":");
      text.append(pick("", "", "", "", "rwx", "r-x", "---", "rw-", "xwr", "rrr", "rw", "RWX"));
      text.append(n > 1 ? "," : pick("", "", "", "", "", "", "", "", "", ",", ":", "\n"));
    }
    boolean with = random.nextBoolean();
    String answer;
    try {
      answer = join(new AclPermissionParam(text.toString()).getAclPermission(with));
    } catch (HadoopIllegalArgumentException e) {
      answer = "!spec " + e.getMessage();
    } catch (IllegalArgumentException e) {
      answer = "!domain"; // the message is long and always the same
    }
    line("parse", with ? "with" : "without", text.toString().replace("\n", "\\n"), answer);
  }

  // change: operation, file|dir, mode, ACL, spec, then mode and ACL, or a refusal.
  private static int changes() throws Exception {
    boolean dir = random.nextInt(3) > 0;
    INode inode = inode(dir, mode());
    int steps = 1 + random.nextInt(4);
    for (int i = 0; i < steps; i++) {
      String operation = pick("modify", "modify", "replace", "replace", "remove");
      String before = state(inode);
      List<AclEntry> spec = spec(!operation.equals("remove"), dir);
      String text = join(spec);
      String answer;
      try {
        List<AclEntry> old = AclStorage.readINodeLogicalAcl(inode);
        List<AclEntry> changed;
        if (operation.equals("modify")) {
          changed = AclTransformation.mergeAclEntries(old, spec);
        } else if (operation.equals("replace")) {
          changed = AclTransformation.replaceAclEntries(old, spec);
        } else {
          changed = AclTransformation.filterAclEntriesByAclSpec(old, spec);
        }
        AclStorage.updateINodeAcl(inode, changed, NOW);
        answer = state(inode);
      } catch (AclException e) {
        answer = "!" + e.getMessage().replaceAll(" Path: .*", "");
      }
      line("change", operation, dir ? "dir" : "file", before, text, answer);
    }
    return steps;
  }

  // inherit: file|dir, mode and ACL of the parent, mode, unmasked mode or empty, then mode and ACL.
  private static void inherit() throws Exception {
    INodeDirectory parent = (INodeDirectory) inode(true, mode());
    set(parent);
    boolean dir = random.nextBoolean();
    short masked = mode();
    boolean both = random.nextBoolean();
    short unmasked = mode();
    INode child = inode(dir, both ? unmasked : masked);
    parent.addChild(child);
    // As FSDirectory.copyINodeDefaultAcl chooses between the modes.
    if (!AclStorage.copyINodeDefaultAcl(child) && both) {
      child.setPermission(new FsPermission(masked));
    }
    line("inherit", dir ? "dir" : "file", state(parent), octal(masked), both ? octal(unmasked) : "", state(child));
  }

  // access: user, groups, owner, group, mode, ACL, action, true|false.
  private static void access() throws Exception {
    INode inode = inode(true, mode());
    set(inode);
    String user = pick(USERS);
    List<String> groups = new ArrayList<>();
    for (String group : GROUPS) {
      if (random.nextBoolean()) {
        groups.add(group);
      }
    }
    FsAction want = FsAction.values()[random.nextInt(8)];
    FSPermissionChecker checker = new FSPermissionChecker("root", "supergroup",
        UserGroupInformation.createUserForTesting(user, groups.toArray(new String[0])), null);
    Method hasPermission = FSPermissionChecker.class.getDeclaredMethod(
        "hasPermission", INodeAttributes.class, FsAction.class);
    hasPermission.setAccessible(true);
    line("access", user, String.join(",", groups), "ann", "team", state(inode), want.SYMBOL,
        hasPermission.invoke(checker, inode, want).toString());
  }

  // set gives a directory some ACL, or leaves it as it is.
  private static void set(INode inode) throws Exception {
    try {
      AclStorage.updateINodeAcl(inode, AclTransformation.mergeAclEntries(
          AclStorage.readINodeLogicalAcl(inode), spec(true, true)), NOW);
    } catch (AclException e) {
      return;
    }
    if (random.nextBoolean()) {
      inode.setPermission(new FsPermission(mode()), NOW);
    }
  }

  private static List<AclEntry> spec(boolean withPermissions, boolean dir) {
    StringBuilder text = new StringBuilder();
    boolean tooMany = random.nextInt(20) == 0;
    String scope = dir && random.nextBoolean() ? "default:" : "";
    for (int n = tooMany ? 29 + random.nextInt(5) : 0; n > 0; n--) {
      text.append(scope + "user:u" + n + ":r-x,");
    }
    if (random.nextBoolean()) {
      text.append("user::" + action() + ",group::" + action() + ",other::" + action() + ",");
    }
    for (int n = 1 + random.nextInt(5); n > 0; n--) {
      boolean inDefault = random.nextInt(dir ? 2 : 12) == 0;
      String type = pick("user", "user", "group", "group", "mask", "other");
      String name = type.equals("user") ? pick("", "bob", "eve") : type.equals("group") ? pick("", "ops", "web")
          : random.nextInt(25) == 0 ? "bob" : "";
      text.append((inDefault ? "default:" : "") + type + ":" + name + ":" + action() + ",");
    }
    String all = text.substring(0, text.length() - 1);
    return AclEntry.parseAclSpec(withPermissions ? all : all.replaceAll(":[r-][w-][x-](?=,|$)", ":"), withPermissions);
  }

  private static INode inode(boolean dir, short mode) {
    PermissionStatus status = new PermissionStatus("ann", "team", new FsPermission(mode));
    return dir ? new INodeDirectory(1, "d".getBytes(), status, 0)
        : new INodeFile(2, "f".getBytes(), status, 0, 0, null, (short) 1, 1 << 20);
  }

  private static String state(INode inode) {
    return octal(inode.getFsPermission().toShort()) + "\t" + join(AclStorage.readINodeAcl(inode, NOW));
  }

  private static String join(List<AclEntry> entries) {
    return entries.stream().map(AclEntry::toStringStable).collect(Collectors.joining(","));
  }

  private static String octal(short mode) {
    return Integer.toOctalString(mode);
  }

  private static short mode() {
    return (short) (random.nextInt(512) | (random.nextInt(8) == 0 ? 01000 : 0));
  }

  private static String action() {
    return FsAction.values()[random.nextInt(8)].SYMBOL;
  }

  private static String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static void line(String... fields) {
    System.out.println(String.join("\t", fields));
  }
}
