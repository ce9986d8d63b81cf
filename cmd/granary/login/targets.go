package login

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"granary/auth"
)

// The clients that a login can be for.
const (
	Hadoop  = "hadoop"  // hadoop fs, DistCp, Spark, pydoop and whatever else runs Hadoop's Java client
	Hdfscli = "hdfscli" // the command hdfscli and the package hdfs
	Fsspec  = "fsspec"  // pandas, dask, TensorBoard and whatever else goes through fsspec
)

// Clients lists them all.
var Clients = []string{Hadoop, Hdfscli, Fsspec}

// target is a file that a login writes.
type target struct {
	path string
	kind kind
	// render returns what the file is to hold, given what it holds without us (nil for nothing), and notes in f what it
	// replaces.
	render func(c Credential, before []byte, f *file) ([]byte, error)
}

// targets returns the files of the plan's clients. A removal has no clients and no targets.
func (p *Plan) targets() []target {
	if p.clients == nil {
		return nil
	}
	all := []target{p.ours(tokenName, func(c Credential) ([]byte, error) { return []byte(c.Token + "\n"), nil })}
	if slices.Contains(p.clients, Hadoop) {
		all = append(all,
			p.ours(hadoopName, func(c Credential) ([]byte, error) {
				return auth.HadoopTokenFile(c.Token, p.service.tokenKind(), p.services...)
			}),
			p.ours(shellName, p.shell),
			target{filepath.Join(p.folders.Hadoop, coreSiteName), ofCoreSite, p.coreSite})
		if p.folders.ownHadoop() {
			all = append(all, target{filepath.Join(p.folders.Hadoop, "log4j.properties"), own, only(func(Credential) ([]byte, error) { return []byte(log4j), nil })})
		}
	}
	if slices.Contains(p.clients, Hdfscli) {
		all = append(all, target{p.folders.Hdfscli, ofHdfscli, p.hdfscli})
	}
	if slices.Contains(p.clients, Fsspec) {
		all = append(all, target{filepath.Join(p.folders.Fsspec, fsspecName), own, only(p.fsspec)})
	}
	return all
}

// ours returns a target in our own folder.
func (p *Plan) ours(name string, content func(Credential) ([]byte, error)) target {
	return target{filepath.Join(p.folders.Granary, name), own, only(content)}
}

// only renders a file that is ours alone. All of another file of that name is kept, to be restored later.
func only(content func(Credential) ([]byte, error)) func(Credential, []byte, *file) ([]byte, error) {
	return func(c Credential, before []byte, f *file) ([]byte, error) {
		if before != nil {
			f.Before[whole] = string(before)
		}
		return content(c)
	}
}

// log4j makes Hadoop print warnings, as it does where it is installed: our settings folder replaces that of the
// installation.
const log4j = `log4j.rootLogger=WARN,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n
`

// shell renders the script that tells programs started from a shell where Hadoop's settings are.
func (p *Plan) shell(Credential) ([]byte, error) {
	return []byte("# Written by granary login for " + p.service.URL() + "; granary logout takes it away.\n" +
		"export HADOOP_CONF_DIR=" + quoted(p.folders.Hadoop) + "\n"), nil
}

// quoted returns text as one word for a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// The settings of Hadoop that a login makes.
const (
	defaultFS  = "fs.defaultFS"
	tokenFiles = "hadoop.token.files"                   // since Hadoop 3.0; read by everything that loads core-site.xml
	useIP      = "hadoop.security.token.service.use_ip" // whether tokens are looked up by the address of a service
)

// coreSite makes the service the default file system and adds the token file to the list of token files, which may have
// others.
func (p *Plan) coreSite(_ Credential, before []byte, f *file) ([]byte, error) {
	text := before
	if text == nil {
		text = []byte(emptyCoreSite)
	}
	c, err := readCoreSite(text)
	if err != nil {
		return nil, err
	}
	files := filepath.Join(p.folders.Granary, hadoopName)
	for _, other := range c.properties[tokenFiles] {
		files = strings.Trim(other.value+","+files, ",")
	}
	settings := [][2]string{{defaultFS, p.service.FileSystem()}, {tokenFiles, files}}
	if p.folders.ownHadoop() && p.service.byName() {
		settings = append(settings, [2]string{useIP, "false"})
	}
	for _, s := range settings {
		element, err := propertyElement(s[0], s[1])
		if err != nil {
			return nil, err
		}
		if text, f.Before[s[0]], err = setProperty(text, s[0], element); err != nil {
			return nil, err
		}
	}
	return text, nil
}

// hdfscli adds an alias for the service, and makes it the default if there is none.
func (p *Plan) hdfscli(c Credential, before []byte, f *file) ([]byte, error) {
	text, added, other, err := setDefaultAlias(before, aliasName)
	if err != nil {
		return nil, err
	}
	f.Before[defaultAlias] = added
	if other != "" {
		p.note("hdfscli's default alias stays " + other + ": say hdfscli --alias " + aliasName + ", or Config().get_client(\"" + aliasName + "\").")
	}
	text, f.Before[aliasSection], err = setSection(text, aliasSection,
		"["+aliasSection+"]\nclient = TokenClient\nurl = "+p.service.URL()+"\ntoken = "+c.Token+"\n")
	return text, err
}

// fsspec makes the service the one for all webhdfs: addresses, including those without a host.
func (p *Plan) fsspec(c Credential) ([]byte, error) {
	port, err := strconv.Atoi(p.service.port)
	if err != nil {
		return nil, err
	}
	host := p.service.host
	if strings.Contains(host, ":") { // fsspec joins host and port as text
		host = "[" + host + "]"
	}
	settings := map[string]any{"host": host, "port": port, "token": c.Token}
	if p.service.secure {
		settings["use_https"] = true
	}
	text, err := json.MarshalIndent(map[string]any{fsspecScheme: settings}, "", "  ")
	return append(text, '\n'), err
}

// note adds something that the user should know, unless it was added before.
func (p *Plan) note(text string) {
	if !slices.Contains(p.Notes, text) {
		p.Notes = append(p.Notes, text)
	}
}
