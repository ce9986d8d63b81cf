package granary.contract;

import java.io.PrintStream;

import org.junit.runner.Description;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** Prints what becomes of the tests of one suite. */
final class Report extends RunListener {
  private final String suite;
  private final PrintStream lines;
  private String outcome;
  private String message;

  Report(String suite, PrintStream lines) {
    this.suite = suite;
    this.lines = lines;
  }

  @Override
  public void testStarted(Description test) {
    outcome = "passed";
    message = "";
  }

  @Override
  public void testFinished(Description test) {
    print(test.getMethodName());
    outcome = null;
  }

  @Override
  public void testFailure(Failure failure) {
    settle(failure, "failed");
    System.err.println("== " + suite + " " + failure.getTestHeader());
    System.err.println(failure.getTrace());
  }

  @Override
  public void testAssumptionFailure(Failure failure) {
    settle(failure, "skipped");
  }

  @Override
  public void testIgnored(Description test) {
    outcome = "skipped";
    message = "@Ignore";
    testFinished(test);
  }

  /** Notes an outcome. What fails outside of any test, before the first or after the last, is the whole suite's. */
  private void settle(Failure failure, String outcome) {
    boolean within = this.outcome != null;
    if (within && this.outcome.equals("failed")) {
      return; // the first failure tells more than that of the clearing up
    }
    this.outcome = outcome;
    message = String.valueOf(failure.getException()).replaceAll("\\s+", " ");
    message = message.substring(0, Math.min(message.length(), 300));
    if (!within) {
      print("(all)");
      this.outcome = null;
    }
  }

  private void print(String test) {
    lines.println(String.join("\t", suite, test, outcome, message));
    lines.flush();
  }
}
