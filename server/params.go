package server

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"granary/auth/perm"
	"granary/namespace"
	"granary/namespace/filesum"
	"granary/openapi"
)

// parameter is one parameter of an operation, of any type.
type parameter interface {
	spec() openapi.Param
	// demanded returns the parameter's name, and whether the operation requires it.
	demanded() (name string, must bool)
	// read parses a value that is not empty. It returns nil for a value that means "unset". The error is only the cause;
	// the caller adds the parameter's name.
	read(text string) (any, error)
}

// param is a parameter whose values are of type T.
type param[T any] struct {
	openapi.Param
	parse func(text string) (T, error)
	unset T    // the value when the request does not give one
	null  bool // the literal "null" means unset, as in all of HDFS's numbers
}

func (p param[T]) spec() openapi.Param { return p.Param }

func (p param[T]) demanded() (name string, must bool) { return p.Name, p.Required }

func (p param[T]) read(text string) (any, error) {
	if p.null && text == "null" {
		return nil, nil
	}
	value, err := p.parse(text)
	if err != nil {
		return nil, err
	}
	return value, nil
}

// required returns a copy of the parameter that is required.
func (p param[T]) required() param[T] {
	p.Required = true
	return p
}

// of returns the request's value, or the value that stands for an unset one.
func (p param[T]) of(c *call) T {
	if v, ok := c.value(p.Name).(T); ok {
		return v
	}
	return p.unset
}

// given reports whether the request has a value.
func (p param[T]) given(c *call) bool {
	return c.value(p.Name) != nil
}

// The parameters of HDFS (webhdfs.resources of hadoop-hdfs-client), with its names, ranges and defaults.
var (
	offset      = number("offset", javaLong, 0, 0, "First byte to read.")
	length      = number("length", javaLong, 0, -1, "How many bytes to read; without it, to the end.")
	bufferSize  = number("buffersize", javaInt, 1, 0, "Accepted and ignored: the server chooses the sizes of its buffers.")
	blockSize   = blockSizes(number("blocksize", javaLong, 1, 0, "Block size in bytes; without it, the server's."))
	mtime       = number("modificationtime", javaLong, -1, -1, "Milliseconds since 1970; -1 leaves it.")
	atime       = number("accesstime", javaLong, -1, -1, "Milliseconds since 1970; -1 leaves it.")
	replication = number("replication", javaShort, 1, 0, "How many replicas to report; without it, the server's.")

	overwrite    = boolean("overwrite", false, "Replace a file that exists.")
	createParent = boolean("createparent", true, "Make missing parent directories.")
	recursive    = boolean("recursive", false, "Delete a directory with all that is in it.")
	noRedirect   = boolean("noredirect", false, "Answer with the Location as JSON instead of redirecting.")

	filePermission     = octal("permission", 0o644, "Octal mode of the new file, 0 to 1777.")
	dirPermission      = octal("permission", 0o755, "Octal mode, 0 to 1777.")
	unmaskedPermission = param[*perm.Mode]{
		Param: openapi.Param{
			Name: "unmaskedpermission", Doc: "The mode before the client's umask; used where a default ACL is inherited.",
			Schema: openapi.Schema{Type: "string", Pattern: "^1?[0-7]{1,3}$"},
		},
		parse: func(text string) (*perm.Mode, error) {
			mode, err := parseOctal("unmaskedpermission", text)
			return &mode, err
		},
		null: true,
	}

	createFlag = flags("createflag", "org.apache.hadoop.fs.CreateFlag", "As Java's CreateFlag: OVERWRITE replaces an existing file, and without CREATE there must be one; the others make no difference.",
		"CREATE", "OVERWRITE", "APPEND", "SYNC_BLOCK", "LAZY_PERSIST", "NEW_BLOCK", "NO_LOCAL_WRITE", "SHOULD_REPLICATE",
		"IGNORE_CLIENT_LOCALITY", "NO_LOCAL_RACK")
	renameOptions = flags("renameoptions", "org.apache.hadoop.fs.Options.Rename",
		"OVERWRITE replaces a file or an empty directory. Any value turns failures into errors.",
		"NONE", "OVERWRITE", "TO_TRASH")

	owner      = text("owner", "New owner.")
	group      = text("group", "New group.")
	startAfter = text("startafter", "Name after which to go on; it need not exist.")

	mediaType = param[string]{
		Param: openapi.Param{
			Name: "mediatype", Doc: "The Content-Type of the answer, for browsers that play or show only content of a known type; under /api/v1.",
			Schema: openapi.Schema{Type: "string", Enum: mediaTypes},
		},
		parse: verbatim,
	}

	destination = param[namespace.Path]{
		Param: openapi.Param{
			Name: "destination", Doc: "Absolute path to move to.", Schema: *ref("Path"),
		},
		parse: parseDestination,
	}
	aclSpec    = aclParam("Entries [default:]type:name:permissions, separated by commas.", `(default:)?((user|group):[A-Za-z0-9._-]*|mask:|other:):[r-][w-][x-]`)
	aclRemoved = aclParam("Entries [default:]type:name:, separated by commas, without permissions.", `(default:)?((user|group):[A-Za-z0-9._-]*|mask:|other:):`)

	fsAction = param[perm.Action]{
		Param: openapi.Param{
			Name: "fsaction", Doc: "The access to check, such as r-x; --- only checks whether the path exists.",
			Schema: openapi.Schema{Type: "string", Pattern: "^[r-][w-][x-]$"},
		},
		parse: func(text string) (perm.Action, error) {
			action, err := perm.ParseAction(text)
			if err != nil {
				return 0, outside(text, "[r-][w-][x-]")
			}
			return action, nil
		},
		null: true,
	}
)

// mediaTypes are the types that a file's content may be sent as: none that a browser would execute if it opened the file. SVG
// can hold scripts.
var mediaTypes = []string{
	"audio/aac", "audio/flac", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm",
	"image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp",
	"video/mp4", "video/mpeg", "video/ogg", "video/quicktime", "video/webm", "video/x-matroska",
}

// aclParam makes a parameter that holds ACL entries. The form of an entry depends on the operation; what HDFS requires of all
// of them is checked first, in its words.
func aclParam(doc, entry string) param[string] {
	return param[string]{
		Param: openapi.Param{Name: "aclspec", Doc: doc, Schema: openapi.Schema{Type: "string", Pattern: "^" + entry + "(," + entry + ")*$"}},
		parse: func(text string) (string, error) {
			_, err := perm.ParseSpec(text, true)
			var outside *perm.DomainError
			if errors.As(err, &outside) {
				return "", cause(outside.Error())
			}
			return text, nil
		},
	}
}

// javaType is one of Java's integer types. Its range is checked before a parameter's own, and its name appears in refusals.
type javaType struct {
	name string
	bits int
}

var (
	javaShort = javaType{"short integer", 16}
	javaInt   = javaType{"integer", 32}
	javaLong  = javaType{"long integer", 64}
)

// number makes a decimal parameter that is at least least.
func number(name string, java javaType, least, unset int64, doc string) param[int64] {
	schema := openapi.Schema{Type: "integer", Format: "int64", Minimum: &least}
	if java != javaLong { // whose maximum the format implies
		schema.Maximum = pointer(int64(1)<<(java.bits-1) - 1)
	}
	return param[int64]{
		Param: openapi.Param{Name: name, Doc: doc, Schema: schema},
		parse: func(text string) (int64, error) { return parseInteger(name, text, 10, java, least, math.MaxInt64) },
		unset: unset,
		null:  true,
	}
}

// blockSizes documents that a block size must be a multiple of a checksum's chunk, as the namespace demands.
func blockSizes(p param[int64]) param[int64] {
	p.Schema.MultipleOf, p.Schema.Minimum = filesum.ChunkSize, pointer[int64](filesum.ChunkSize)
	return p
}

// octal makes a parameter that holds a mode.
func octal(name string, unset perm.Mode, doc string) param[perm.Mode] {
	return param[perm.Mode]{
		Param: openapi.Param{
			Name: name, Doc: doc, Schema: openapi.Schema{Type: "string", Pattern: "^1?[0-7]{1,3}$", Default: unset.String()},
		},
		parse: func(text string) (perm.Mode, error) { return parseOctal(name, text) },
		unset: unset,
		null:  true,
	}
}

func parseOctal(name, text string) (perm.Mode, error) {
	n, err := parseInteger(name, text, 8, javaShort, 0, 0o1777)
	return perm.Mode(n), err
}

// parseInteger parses a number like HDFS's LongParam, IntegerParam and ShortParam, and refuses it in their words.
func parseInteger(name, text string, radix int, java javaType, least, most int64) (int64, error) {
	n, err := strconv.ParseInt(text, radix, java.bits)
	if err != nil {
		return 0, causef(`Failed to parse "%s" as a radix-%d %s.`, printable(text), radix, java.name)
	}
	if n < least {
		return 0, causef("Invalid parameter range: %s = %s < %s", name, strconv.FormatInt(n, radix), strconv.FormatInt(least, radix))
	}
	if n > most {
		return 0, causef("Invalid parameter range: %s = %s > %s", name, strconv.FormatInt(n, radix), strconv.FormatInt(most, radix))
	}
	return n, nil
}

// boolean makes a parameter that is true or false in any case.
func boolean(name string, unset bool, doc string) param[bool] {
	return param[bool]{
		Param: openapi.Param{Name: name, Doc: doc, Schema: openapi.Schema{Type: "boolean", Default: unset}},
		parse: func(text string) (bool, error) {
			switch {
			case strings.EqualFold(text, "true"):
				return true, nil
			case strings.EqualFold(text, "false"):
				return false, nil
			}
			return false, causef(`Failed to parse "%s" to Boolean.`, printable(text))
		},
		unset: unset,
	}
}

// text makes a parameter that takes any string.
func text(name, doc string) param[string] {
	return param[string]{
		Param: openapi.Param{Name: name, Doc: doc, Schema: openapi.Schema{Type: "string"}},
		parse: verbatim,
	}
}

// verbatim is the parser of a parameter that is taken as it is.
func verbatim(text string) (string, error) { return text, nil }

// flagSet holds the upper-case words of a comma list.
type flagSet []string

func (s flagSet) has(flag string) bool {
	for _, f := range s {
		if f == flag {
			return true
		}
	}
	return false
}

// flags makes a parameter that is a comma list of known words in any case. class is Java's name of the enumeration,
// which HDFS's refusal quotes.
func flags(name, class, doc string, known ...string) param[flagSet] {
	one := strings.Join(known, "|")
	return param[flagSet]{
		Param: openapi.Param{
			Name: name, Doc: doc + " A comma list of " + strings.Join(known, ", ") + ".",
			Schema: openapi.Schema{Type: "string", Pattern: "^(" + one + ")(,(" + one + "))*$"},
		},
		parse: func(text string) (flagSet, error) {
			var set flagSet
			for word := range strings.SplitSeq(text, ",") {
				flag := strings.ToUpper(strings.TrimSpace(word))
				if !flagSet(known).has(flag) {
					return nil, causef("No enum constant %s.%s", class, printable(flag))
				}
				set = append(set, flag)
			}
			return set, nil
		},
	}
}

// word makes a parameter that is one of some words in any case. class is Java's name of the enumeration, as for flags.
func word(name, class, doc string, known ...string) param[string] {
	return param[string]{
		Param: openapi.Param{Name: name, Doc: doc, Schema: openapi.Schema{Type: "string", Enum: known}},
		parse: func(text string) (string, error) {
			chosen := strings.ToUpper(text)
			if !flagSet(known).has(chosen) {
				return "", causef("No enum constant %s.%s", class, printable(chosen))
			}
			return chosen, nil
		},
	}
}

// notAbsolute is the refusal of a destination, in HDFS's words.
func notAbsolute(text string) error {
	return causef(`Invalid parameter value: destination = "%s" is not an absolute path.`, printable(text))
}

// parseDestination parses a path given as a value. HttpFS's Java client puts the scheme and the address of the server in front
// of it, which HttpFS strips (Path.getPathWithoutSchemeAndAuthority).
func parseDestination(text string) (namespace.Path, error) {
	for _, scheme := range []string{"webhdfs://", "swebhdfs://"} {
		if rest, ok := strings.CutPrefix(text, scheme); ok {
			_, path, _ := strings.Cut(rest, "/")
			return namespace.ParsePath("/" + path)
		}
	}
	if !strings.HasPrefix(text, "/") {
		return namespace.Path{}, notAbsolute(text)
	}
	return namespace.ParsePath(text)
}

// cause says in HDFS's words why a value was refused; [invalid] puts the parameter's name before it.
type cause string

func (c cause) Error() string { return string(c) }

func causef(format string, args ...any) error { return cause(fmt.Sprintf(format, args...)) }

// outside is the refusal of a string that does not match its pattern, as HDFS's StringParam words it.
func outside(value, domain string) error {
	return causef(`Invalid value: "%s" does not belong to the domain %s`, printable(value), domain)
}

// invalid is the refusal of a parameter. Clients match its words: Java's falls back to an older operation when it reads them.
func invalid(name string, err error) error {
	var e *namespace.Error
	if errors.As(err, &e) { // a path inside a parameter keeps its own kind
		return err
	}
	return &namespace.Error{
		Op: "read parameter", Kind: namespace.InvalidArgument,
		Msg: fmt.Sprintf("Invalid value for webhdfs parameter %q: %v", name, err),
	}
}
