package granary.contract;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;

/**
 * Runs the suites against a server, whose files are all deleted, and prints a line for each test.
 *
 * <pre>java -cp CLASSPATH granary.contract.Main HOST:PORT [SUITE]...</pre>
 *
 * <p>A line is "suite, test, passed|failed|skipped, message", with tabs in between. What the tests themselves print, and
 * the traces of failures, go to standard error.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      System.err.println("usage: granary.contract.Main HOST:PORT [SUITE]...");
      System.exit(2);
    }
    PrintStream lines = System.out;
    System.setOut(System.err);
    System.setProperty(MiniDFSCluster.ADDRESS, args[0]);
    List<String> chosen = Arrays.asList(args).subList(1, args.length);
    for (String name : chosen) {
      if (Suites.ALL.stream().noneMatch(suite -> Suites.name(suite).equals(name))) {
        System.err.println("there is no suite " + name);
        System.exit(2);
      }
    }
    JUnitCore junit = new JUnitCore();
    for (Class<?> suite : Suites.ALL) {
      if (!chosen.isEmpty() && !chosen.contains(Suites.name(suite))) {
        continue;
      }
      new MiniDFSCluster.Builder(new Configuration()).build();
      Report report = new Report(Suites.name(suite), lines);
      junit.addListener(report);
      junit.run(Request.aClass(suite));
      junit.removeListener(report);
    }
    System.exit(0); // threads that a test left behind do not count
  }
}
