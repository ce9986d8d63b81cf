package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// newParser returns the parser that reads the command line, the environment and the settings file into c.
func newParser(c *commands, options ...kong.Option) (*kong.Kong, error) {
	parser, err := kong.New(c, append(options,
		kong.DefaultEnvars("GRANARY"),
		kong.Configuration(readSettings),
		kong.ValueFormatter(describe),
		kong.NamedMapper("path", kong.MapperFunc(decodePath)),
	)...)
	if err != nil {
		return nil, err
	}
	return parser, forgetEmpty(parser.Model)
}

// describe returns kong's help text for a flag or an argument, with the default, which kong shows only in place of a
// placeholder.
func describe(value *kong.Value) string {
	if value.Flag == nil || !value.HasDefault || value.Flag.PlaceHolder == "" {
		return kong.DefaultHelpValueFormatter(value)
	}
	with := *value
	with.Help += " Default: " + value.Default + "."
	return kong.DefaultHelpValueFormatter(&with)
}

// forgetEmpty unsets empty variables of flags: GRANARY_LISTEN= in a file of variables means that it is not set, and not
// a random port on every interface.
func forgetEmpty(model *kong.Application) error {
	return kong.Visit(model, func(node kong.Visitable, next kong.Next) (err error) {
		if flag, ok := node.(*kong.Flag); ok {
			for _, variable := range flag.Envs {
				if os.Getenv(variable) == "" {
					err = errors.Join(err, os.Unsetenv(variable))
				}
			}
		}
		return errors.Join(err, next(nil))
	})
}

// decodePath is kong's type path, except that it refuses an empty path, which kong takes for the working folder.
func decodePath(ctx *kong.DecodeContext, target reflect.Value) error {
	var path string
	if err := ctx.Scan.PopValueInto("path", &path); err != nil {
		return err
	}
	if path == "" {
		return errors.New("the path is empty: want one, or leave it out for the default")
	}
	target.SetString(kong.ExpandPath(path))
	return nil
}

// settings are the flags that a file sets, by their names in lower case without hyphens and underscores: gc-grace may
// also be written gc_grace or gcGrace. The command line and the environment take precedence.
type settings struct {
	file    string
	values  map[string]any
	written map[string]string // how the file spells the name
}

// readSettings reads a JSON object from a file.
func readSettings(r io.Reader) (kong.Resolver, error) {
	s := &settings{file: "the file of settings", values: map[string]any{}, written: map[string]string{}}
	if f, ok := r.(*os.File); ok {
		s.file = f.Name()
	}
	var given map[string]any
	in := json.NewDecoder(r)
	in.UseNumber()
	err := in.Decode(&given)
	if err == nil {
		switch _, after := in.Token(); {
		case given == nil:
			err = errors.New("it is null")
		case after == nil:
			err = errors.New("something follows the object")
		case !errors.Is(after, io.EOF):
			err = after
		}
	}
	if err != nil {
		return nil, fmt.Errorf(`%s: want a JSON object such as {"listen": "127.0.0.1:9870"}: %w`, s.file, err)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch value := given[name].(type) {
		case nil:
			return nil, fmt.Errorf("%s: %q is null: want a value, or leave it out for the default", s.file, name)
		case json.Number: // text, as on a command line, where 1048576 is a valid size, and 3600 without a unit is no time
			given[name] = value.String()
		}
		plain := plainName(name)
		if other, twice := s.written[plain]; twice {
			return nil, fmt.Errorf("%s: %q and %q are the same setting: want one of them", s.file, other, name)
		}
		s.values[plain], s.written[plain] = given[name], name
	}
	return s, nil
}

func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
}

// Validate fails if the file sets something that is no flag of any command: to ignore it would silently leave unchanged
// what it was to change.
func (s *settings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && flag.Name != "help" && flag.Name != "config" { // these are for the command line only
			known[plainName(flag.Name)] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for _, plain := range slices.Sorted(maps.Keys(s.written)) {
		if !known[plain] {
			return fmt.Errorf("%s: %q is no setting: want names of flags, without the hyphens before them, such as \"gc-grace\"", s.file, s.written[plain])
		}
	}
	return nil
}

// Resolve implements [kong.Resolver].
func (s *settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, variable := range flag.Envs {
		if _, set := os.LookupEnv(variable); set {
			return nil, nil // the environment has set it already
		}
	}
	return s.values[plainName(flag.Name)], nil
}
