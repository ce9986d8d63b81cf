package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// opened are the packages of the JDK that Hadoop's classes and tests access by reflection. Source: hadoop-project's pom.xml.
var opened = []string{
	"java.io", "java.lang", "java.lang.reflect", "java.math", "java.net", "java.text", "java.util", "java.util.concurrent",
	"java.util.zip", "sun.security.util", "sun.security.x509",
}

// Runner runs the tests with the compiled program.
type Runner struct {
	folder    string // what Maven built; the tests may leave files here
	classpath string
}

// ErrTools means that a tool is missing; the wrapping error says which one.
var ErrTools = errors.New("a tool is missing: Hadoop's tests need Maven and a JDK, 17 or newer (on Debian: apt-get install maven openjdk-17-jdk-headless)")

// Build compiles the program for the source tree at root into build/contract. The first time Maven fetches some 100 MB.
func Build(ctx context.Context, root string) (*Runner, error) {
	if err := checkTools(ctx); err != nil {
		return nil, err
	}
	mvn := exec.CommandContext(ctx, "mvn", "--batch-mode", "--quiet", "-Dstyle.color=never", "--file", filepath.Join(root, "e2e", "contract", "pom.xml"), "compile")
	if out, err := mvn.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build Hadoop's tests: %w\n%s", err, out)
	}
	folder, err := filepath.Abs(filepath.Join(root, "build", "contract"))
	if err != nil {
		return nil, err
	}
	jars, err := os.ReadFile(filepath.Join(folder, "classpath"))
	if err != nil {
		return nil, fmt.Errorf("build Hadoop's tests: %w", err)
	}
	classes := filepath.Join(folder, "classes") // first, since one of these classes replaces one of Hadoop's
	return &Runner{folder, classes + string(filepath.ListSeparator) + strings.TrimSpace(string(jars))}, nil
}

// checkTools fails with ErrTools if a tool is missing that Build and Run need.
func checkTools(ctx context.Context) error {
	if _, err := exec.LookPath("mvn"); err != nil {
		return fmt.Errorf("%w: there is no mvn", ErrTools)
	}
	for _, tool := range []string{"java", "javac"} {
		out, err := exec.CommandContext(ctx, java(tool), "-version").CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrTools, java(tool), err)
		}
		version := regexp.MustCompile(`(?:^javac |version ")(\d+)`).FindSubmatch(out)
		if version == nil {
			return fmt.Errorf("%w: %s says %q", ErrTools, java(tool), out)
		}
		if n, err := strconv.Atoi(string(version[1])); err != nil || n < 17 {
			return fmt.Errorf("%w: %s is of version %s", ErrTools, java(tool), version[1])
		}
	}
	return nil
}

// java returns the path of a JDK tool: in JAVA_HOME, which Maven uses too, or else as found in PATH.
func java(tool string) string {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		return filepath.Join(home, "bin", tool)
	}
	return tool
}

// Run runs the suites, or all suites if none is named, against the server at address, host:port, and deletes all files there.
// The caller must be a superuser on the server: by name with simple authentication, or else by a token in the file tokens.
// The output of the tests and of Hadoop's client goes to log.
func (r *Runner) Run(ctx context.Context, address, tokens string, log io.Writer, suites ...string) ([]Result, error) {
	work, err := os.MkdirTemp(r.folder, "work-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(work) }() // leftovers do not affect the results
	arguments := []string{
		"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", // the program mostly waits for the server
		"-Djava.io.tmpdir=" + work,
	}
	for _, name := range opened {
		arguments = append(arguments, "--add-opens=java.base/"+name+"=ALL-UNNAMED")
	}
	arguments = append(arguments, "-classpath", r.classpath, "granary.contract.Main", address)
	run := exec.CommandContext(ctx, java("java"), append(arguments, suites...)...)
	run.Dir = work
	run.WaitDelay = 10 * time.Second
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "HADOOP_") { // the shell must not set the user or change the configuration
			run.Env = append(run.Env, entry)
		}
	}
	if tokens != "" {
		run.Env = append(run.Env, "HADOOP_TOKEN_FILE_LOCATION="+tokens)
	}
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, log
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("run Hadoop's tests: %w after these results:\n%s", errors.Join(err, ctx.Err()), &out)
	}
	return parse(&out)
}
