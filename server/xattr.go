package server

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"

	"granary/namespace"
	"granary/openapi"
)

// xattrOps are the operations on extended attributes.
var xattrOps = []op{
	{
		Operation: openapi.Operation{
			Name: "GETXATTRS", ID: "getXAttrs", Method: http.MethodGet, Summary: "Read extended attributes.",
			Doc: "All attributes that the caller may see, or the named ones; if one of these is missing, the call fails. " +
				"A value is null if the attribute has none.",
			Reply: openapi.Reply{
				Status: http.StatusOK, Doc: "The attributes.",
				Schema: object("XAttrs", &openapi.Schema{Type: "array", Items: ref("XAttr")}),
			},
			Example: openapi.Example{
				Path: "/example/hello.txt", Query: "xattr.name=user.origin&encoding=TEXT",
				Reply: `{"XAttrs":[{"name":"user.origin","value":"\"web\""}]}`,
			},
		},
		params: []parameter{xattrNames, xattrEncoding}, handle: (*call).getXattrs,
	},
	{
		Operation: openapi.Operation{
			Name: "LISTXATTRS", ID: "listXAttrs", Method: http.MethodGet, Summary: "List the names of extended attributes.",
			Reply: openapi.Reply{
				Status: http.StatusOK, Doc: "The names, the newest first.",
				Schema: object("XAttrNames", stringSchema("A JSON array of strings, as text: clients parse it a second time.")),
			},
			Example: openapi.Example{Path: "/example/hello.txt", Reply: `{"XAttrNames":"[\"user.origin\"]"}`},
		},
		handle: (*call).listXattrs,
	},
	{
		Operation: openapi.Operation{
			Name: "SETXATTR", ID: "setXAttr", Method: http.MethodPut, Summary: "Set an extended attribute.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "xattr.name=user.reviewed&xattr.value=0x01&flag=CREATE,REPLACE"},
		},
		params: []parameter{xattrName.required(), xattrValue, xattrFlag.required()}, handle: (*call).setXattr,
	},
	{
		Operation: openapi.Operation{
			Name: "REMOVEXATTR", ID: "removeXAttr", Method: http.MethodPut, Summary: "Remove an extended attribute.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "xattr.name=user.origin"},
		},
		params: []parameter{xattrName.required()}, handle: (*call).removeXattr,
	},
}

var (
	xattrName = param[string]{
		Param: openapi.Param{Name: "xattr.name", Doc: "A name with its namespace, such as user.origin.", Schema: xattrNameSchema},
		parse: parseLine,
	}
	// xattrNames is the same parameter where it may be given several times, and every value counts.
	xattrNames = param[string]{
		Param: openapi.Param{
			Name: "xattr.name", Doc: "A name with its namespace, such as user.origin; may be given several times.",
			Schema: openapi.Schema{Type: "array", Items: &xattrNameSchema},
		},
		parse: parseLine,
	}
	xattrNameSchema = openapi.Schema{Type: "string", Pattern: namespace.XattrNamePattern}
	xattrValue      = text("xattr.value", `0x and hexadecimal digits, 0s and base64, text between ", or else text; without it, the attribute has no value.`)
	xattrFlag       = flags("flag", "org.apache.hadoop.fs.XAttrSetFlag", "CREATE allows to add an attribute, REPLACE to change one.", "CREATE", "REPLACE")
	xattrEncoding   = word("encoding", "org.apache.hadoop.fs.XAttrCodec", "How values are written; without it, as text.", "TEXT", "HEX", "BASE64")
)

// lineEnds are the characters that end a line in Java.
const lineEnds = "\n\r\u0085\u2028\u2029"

// parseLine accepts a text of one line, which is all that HDFS's pattern ".*" matches (XAttrNameParam).
func parseLine(text string) (string, error) {
	if strings.ContainsAny(text, lineEnds) {
		return "", outside(text, ".*")
	}
	return text, nil
}

func (c *call) getXattrs() error {
	var names []namespace.XattrName
	for _, p := range c.query {
		if p.name != xattrNames.Name || p.value == "" {
			continue
		}
		name, err := namespace.ParseXattrName(p.value)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	xattrs, err := c.session.Xattrs(c.ctx, c.path, names)
	if err != nil {
		return err
	}
	encoding := xattrEncoding.of(c)
	return inPieces(c, []byte(`{"XAttrs":[`), xattrs, func(b []byte, x namespace.Xattr) []byte {
		b = appendText(b, `{"name":`, x.Name.String())
		b = append(b, `,"value":`...)
		if len(x.Value) == 0 { // HDFS does not distinguish an empty value from none
			b = append(b, "null"...)
		} else {
			b = appendJSON(b, encodeXattr(x.Value, encoding))
		}
		return append(b, '}')
	}, "]}")
}

// listXattrs answers with JSON inside JSON, as HDFS's JsonUtil does and its clients expect.
func (c *call) listXattrs() error {
	xattrs, err := c.session.Xattrs(c.ctx, c.path, nil)
	if err != nil {
		return err
	}
	names := []byte{'['}
	for i, x := range xattrs {
		if i > 0 {
			names = append(names, ',')
		}
		names = appendJSON(names, x.Name.String())
	}
	names = append(names, ']')
	return c.json(http.StatusOK, func(b []byte) []byte {
		return append(appendText(b, `{"XAttrNames":`, string(names)), '}')
	})
}

func (c *call) setXattr() error {
	value, err := decodeXattr(xattrValue.of(c))
	if err != nil {
		return err
	}
	name, err := namespace.ParseXattrName(xattrName.of(c))
	if err != nil {
		return err
	}
	flag := xattrFlag.of(c)
	return c.done(c.session.SetXattr(c.ctx, c.path, namespace.Xattr{Name: name, Value: value},
		namespace.XattrFlags{Create: flag.has("CREATE"), Replace: flag.has("REPLACE")}))
}

func (c *call) removeXattr() error {
	name, err := namespace.ParseXattrName(xattrName.of(c))
	if err != nil {
		return err
	}
	return c.done(c.session.RemoveXattr(c.ctx, c.path, name))
}

// decodeXattr decodes a value like XAttrCodec.decodeValue of Hadoop 3.4, which takes a value in no known form for text, and
// skips invalid characters in base64. The value is nil if it is empty.
func decodeXattr(text string) ([]byte, error) {
	if len(text) >= 2 {
		switch prefix := strings.ToLower(text[:2]); {
		case text[0] == '"' && strings.HasSuffix(text, `"`):
			text = text[1 : len(text)-1]
		case prefix == "0x":
			return decodeHex(text[2:])
		case prefix == "0s":
			return decodeBase64(text[2:]), nil
		}
	}
	if text == "" {
		return nil, nil
	}
	return []byte(text), nil
}

func decodeHex(digits string) ([]byte, error) {
	refuse := func(err error) ([]byte, error) {
		return nil, &namespace.Error{
			Op: "read xattr.value", Kind: namespace.IO, Msg: "org.apache.commons.codec.DecoderException: " + err.Error(),
		}
	}
	if len(digits)%2 != 0 {
		return refuse(cause("Odd number of characters."))
	}
	for i, r := range digits {
		if r > 0x7f || unhex(byte(r)) < 0 {
			return refuse(causef("Illegal hexadecimal character %c at index %d", r, i))
		}
	}
	if digits == "" {
		return nil, nil
	}
	return hex.DecodeString(digits)
}

// decodeBase64 decodes up to the padding, skipping characters that are in neither of the two alphabets of base64.
func decodeBase64(text string) []byte {
	text, _, _ = strings.Cut(text, "=")
	digits := strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '+', r == '/':
			return r
		}
		return -1
	}, text)
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1] // six bits do not make a byte
	}
	value, err := base64.RawStdEncoding.DecodeString(digits)
	if err != nil {
		panic(err) // cannot fail: only digits are left
	}
	if len(value) == 0 {
		return nil
	}
	return value
}

// encodeXattr encodes a value like XAttrCodec.encodeValue.
func encodeXattr(value []byte, encoding string) string {
	switch encoding {
	case "HEX":
		return "0x" + hex.EncodeToString(value)
	case "BASE64":
		return "0s" + base64.StdEncoding.EncodeToString(value)
	}
	return `"` + strings.ToValidUTF8(string(value), "\uFFFD") + `"`
}
