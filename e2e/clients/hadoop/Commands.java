import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FsShell;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.tools.DistCp;
import org.apache.hadoop.util.GenericOptionsParser;
import org.apache.hadoop.util.ToolRunner;

/**
 * Runs command lines of the program hadoop, one after another, as main of the class that hadoop would start does. A JVM
 * takes seconds to start and to warm up, and there are hundreds of commands. Besides there are open PATH and create PATH,
 * which do what any program does that reads or writes a file, and do not hide the class of an exception.
 *
 * <p>A request on standard input is the number of arguments, the arguments, and what the command finds on its standard
 * input; the reply is the status, then what it wrote to standard output and to standard error. Numbers have four bytes,
 * the highest first; before everything else stands its length.
 */
final class Commands {
  public static void main(String[] unused) throws IOException {
    DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream replies = new DataOutputStream(new BufferedOutputStream(System.out));
    while (true) {
      String[] line;
      try {
        line = new String[requests.readInt()];
      } catch (EOFException e) {
        return;
      }
      for (int i = 0; i < line.length; i++) {
        line[i] = new String(text(requests), StandardCharsets.UTF_8);
      }
      System.setIn(new ByteArrayInputStream(text(requests)));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int status = run(line);
      System.out.flush();
      System.err.flush();
      replies.writeInt(status);
      for (byte[] said : new byte[][] {out.toByteArray(), err.toByteArray()}) {
        replies.writeInt(said.length);
        replies.write(said);
      }
      replies.flush();
    }
  }

  private static byte[] text(DataInputStream from) throws IOException {
    byte[] text = new byte[from.readInt()];
    from.readFully(text);
    return text;
  }

  private static int run(String[] line) {
    String[] arguments = Arrays.copyOfRange(line, 1, line.length);
    try {
      switch (line[0]) {
        case "fs":
          return ToolRunner.run(new Configuration(), new FsShell(), arguments);
        case "distcp":
          DistCp copy = new DistCp(new Configuration(), null); // adds its defaults to the configuration
          return ToolRunner.run(copy.getConf(), copy, arguments);
        case "open":
          {
            GenericOptionsParser parsed = new GenericOptionsParser(new Configuration(), arguments);
            Path path = new Path(parsed.getRemainingArgs()[0]);
            try (FSDataInputStream in = path.getFileSystem(parsed.getConfiguration()).open(path)) {
              in.transferTo(System.out);
            }
            return 0;
          }
        case "create":
          {
            GenericOptionsParser parsed = new GenericOptionsParser(new Configuration(), arguments);
            Path path = new Path(parsed.getRemainingArgs()[0]);
            try (FSDataOutputStream out = path.getFileSystem(parsed.getConfiguration()).create(path)) {
              System.in.transferTo(out);
            }
            return 0;
          }
        default:
          throw new IllegalArgumentException("no command " + line[0]);
      }
    } catch (Exception e) {
      e.printStackTrace();
      return 255;
    }
  }
}
