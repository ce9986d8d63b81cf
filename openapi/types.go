package openapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Types makes schemas of Go types. A struct becomes a component under its own name, so the document always agrees with what
// encoding/json writes and reads. The zero value is ready to use.
//
// The objects of a body have no other members than these. Those of a reply may: a client that was made of the document of today must
// accept the answers of a server of tomorrow, and many generators make one that refuses what the schema rules out.
//
// Besides json, fields have these tags: doc describes the member; enum lists its values, separated by commas; format and pattern are
// those of JSON Schema; min and max bound a number, the characters of a text or the items of a list. A member is required unless it is
// omitempty or omitzero; one that is a pointer may be null unless it is omitempty, and so may items that are pointers.
type Types struct {
	schemas map[string]*Schema
	types   map[string]reflect.Type
	closed  bool // what is made now is for a body
}

// Schemas returns the components made so far.
func (t *Types) Schemas() map[string]*Schema { return t.schemas }

// Body returns the schema of a request's body. Like [Types.Of], it returns nil for an empty struct. It panics on a type that is also
// in a reply.
func (t *Types) Body(typ reflect.Type) *Schema {
	t.closed = true
	defer func() { t.closed = false }()
	return t.Of(typ)
}

// Of returns the schema of a reply's type, nil for an empty struct, which stands for no content. It panics on a type that has no
// schema, on two types of one name, and on one that is also in a body: all are mistakes in the server's table.
func (t *Types) Of(typ reflect.Type) *Schema {
	if typ.Kind() == reflect.Struct && typ.NumField() == 0 {
		return nil
	}
	return t.of(typ)
}

func (t *Types) of(typ reflect.Type) *Schema {
	switch typ {
	case reflect.TypeFor[time.Time]():
		return &Schema{Type: "string", Format: "date-time"}
	case reflect.TypeFor[uuid.UUID]():
		return &Schema{Type: "string", Format: "uuid"}
	case reflect.TypeFor[json.RawMessage]():
		return &Schema{}
	}
	switch typ.Kind() { //nolint:exhaustive // the others cannot stand in a reply
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Int, reflect.Int64:
		return &Schema{Type: "integer", Format: "int64"}
	case reflect.Float64:
		return &Schema{Type: "number"}
	case reflect.Slice:
		items := t.of(typ.Elem())
		if typ.Elem().Kind() == reflect.Pointer {
			items = nullable(items)
		}
		return &Schema{Type: "array", Items: items}
	case reflect.Map:
		return &Schema{Type: "object", Additional: t.of(typ.Elem())}
	case reflect.Pointer:
		return t.of(typ.Elem())
	case reflect.Struct:
		return t.component(typ)
	}
	panic(fmt.Sprintf("openapi: no schema for %s", typ))
}

// component returns a reference to the component of a struct, which it makes if it is new.
func (t *Types) component(typ reflect.Type) *Schema {
	name := componentName(typ)
	if t.types == nil {
		t.types, t.schemas = map[string]reflect.Type{}, map[string]*Schema{}
	}
	if known, ok := t.types[name]; ok {
		if known != typ {
			panic(fmt.Sprintf("openapi: %s and %s have one name", known, typ))
		}
		if (t.schemas[name].Additional != nil) != t.closed {
			panic(fmt.Sprintf("openapi: %s is in a body and in a reply", typ))
		}
		return &Schema{Ref: "#/components/schemas/" + name}
	}
	s := &Schema{Type: "object", Properties: map[string]*Schema{}}
	if t.closed {
		s.Additional = false
	}
	t.types[name], t.schemas[name] = typ, s
	t.members(s, typ)
	slices.Sort(s.Required)
	return &Schema{Ref: "#/components/schemas/" + name}
}

// componentName returns the capitalized name of a type. For a generic type, Page[pkg.Member] becomes MemberPage.
func componentName(typ reflect.Type) string {
	name, arg, generic := strings.Cut(typ.Name(), "[")
	if generic {
		arg = strings.TrimSuffix(arg, "]")
		name = upper(arg[strings.LastIndex(arg, ".")+1:]) + upper(name)
	}
	return upper(name)
}

func upper(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// members adds the fields of a struct, including those of embedded structs.
func (t *Types) members(s *Schema, typ reflect.Type) {
	for i := range typ.NumField() {
		field := typ.Field(i)
		tag := field.Tag.Get("json")
		if field.Anonymous && tag == "" {
			t.members(s, field.Type)
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" || name == "-" || !field.IsExported() {
			panic(fmt.Sprintf("openapi: %s.%s needs a json name", typ, field.Name))
		}
		optional := strings.Contains(options, "omit")
		member := t.of(field.Type)
		if field.Type.Kind() == reflect.Pointer && !optional {
			member = nullable(member)
		}
		restrict(member, field.Tag)
		s.Properties[name] = member
		if !optional {
			s.Required = append(s.Required, name)
		}
	}
}

// nullable returns s with null among its types.
func nullable(s *Schema) *Schema {
	if s.Ref != "" {
		return &Schema{AnyOf: []*Schema{s, {Type: "null"}}}
	}
	s.Type = []string{s.Type.(string), "null"} //nolint:forcetypeassert // set by of
	return s
}

// restrict applies the tags of a field to its schema. The enum, format and pattern of a list apply to its items.
func restrict(s *Schema, tag reflect.StructTag) {
	s.Description = tag.Get("doc")
	one := s
	if s.Type == "array" {
		one = s.Items
	}
	if words := tag.Get("enum"); words != "" {
		one.Enum = strings.Split(words, ",")
	}
	if format := tag.Get("format"); format != "" {
		one.Format = format
	}
	if pattern := tag.Get("pattern"); pattern != "" {
		one.Pattern = pattern
	}
	low, high := bound(tag, "min"), bound(tag, "max")
	switch {
	case s.Type == "array":
		s.MinItems, s.MaxItems = low, high
	case s.Type == "integer" || s.Type == "number":
		s.Minimum, s.Maximum = low, high
	default:
		s.MinLength, s.MaxLength = low, high
	}
}

// bound returns the number in a tag, or nil if there is no such tag.
func bound(tag reflect.StructTag, name string) *int64 {
	text := tag.Get(name)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("openapi: the tag %s %q is no number", name, text))
	}
	return &n
}
