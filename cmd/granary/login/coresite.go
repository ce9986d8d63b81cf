package login

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// emptyCoreSite is a Hadoop configuration without settings.
const emptyCoreSite = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n</configuration>\n"

// property is a setting of a Hadoop configuration, and its place in the text.
type property struct {
	from, to int
	value    string
}

// coreSite is the text of a Hadoop configuration, parsed so that single settings can be changed and all else stays.
type coreSite struct {
	text       []byte
	properties map[string][]property
	end        int // where </configuration> begins
}

// readCoreSite reads a configuration as Hadoop does: only the names of properties matter, and anything else may be in
// it.
func readCoreSite(text []byte) (*coreSite, error) {
	c := &coreSite{text: text, properties: map[string][]property{}, end: -1}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	var path []string
	var name, value strings.Builder
	from := 0
	for {
		before := int(decoder.InputOffset())
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("it is not XML in UTF-8: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			switch {
			case len(path) == 1 && token.Name.Local != "configuration":
				return nil, fmt.Errorf("it is no configuration of Hadoop: its root is <%s>, not <configuration>", token.Name.Local)
			case len(path) == 2 && token.Name.Local == "property":
				from = before
				name.Reset()
				value.Reset()
			}
		case xml.CharData:
			if len(path) != 3 || path[1] != "property" {
				break
			}
			switch path[2] {
			case "name":
				name.Write(token)
			case "value":
				value.Write(token)
			}
		case xml.EndElement:
			switch {
			case len(path) == 1:
				c.end = before
			case len(path) == 2 && path[1] == "property":
				key := strings.TrimSpace(name.String())
				c.properties[key] = append(c.properties[key], property{from, int(decoder.InputOffset()), strings.TrimSpace(value.String())})
			}
			path = path[:len(path)-1]
		}
	}
	switch {
	case c.end < 0:
		return nil, errors.New("it is no configuration of Hadoop: it has no <configuration>")
	case !bytes.HasPrefix(text[c.end:], []byte("</")):
		return nil, errors.New("its <configuration/> is closed at once: write it as <configuration></configuration>")
	}
	return c, nil
}

// setProperty returns a configuration in which the property name is the given element, or is absent if element is "".
// before is the element that was there, "" if there was none.
func setProperty(text []byte, name, element string) (changed []byte, before string, err error) {
	c, err := readCoreSite(text)
	if err != nil {
		return nil, "", err
	}
	found := c.properties[name]
	switch {
	case len(found) > 1:
		return nil, "", fmt.Errorf("it sets %s more than once: leave one of them", name)
	case len(found) == 0 && element == "":
		return text, "", nil
	case len(found) == 0:
		// It goes on a line of its own after all others, so that removing it leaves what was there.
		at := len(bytes.TrimRight(c.text[:c.end], " \t\r\n"))
		return splice(c.text, at, at, "\n  "+element), "", nil
	}
	p := found[0]
	before = string(c.text[p.from:p.to])
	if element == "" {
		p.from = len(bytes.TrimSuffix(c.text[:p.from], []byte("\n  ")))
	}
	return splice(c.text, p.from, p.to, element), before, nil
}

// propertyElement renders a setting.
func propertyElement(name, value string) (string, error) {
	var b strings.Builder
	for i, part := range []string{"<property><name>", name, "</name><value>", value, "</value></property>"} {
		if i%2 == 0 {
			b.WriteString(part)
		} else if err := xml.EscapeText(&b, []byte(part)); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// splice returns text with what is between two offsets replaced.
func splice(text []byte, from, to int, by string) []byte {
	out := make([]byte, 0, len(text)-(to-from)+len(by))
	out = append(out, text[:from]...)
	out = append(out, by...)
	return append(out, text[to:]...)
}
