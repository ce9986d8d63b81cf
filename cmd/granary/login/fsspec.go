package login

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// fsspecScheme is the key of the settings for WebHDFS in fsspec's configuration.
const fsspecScheme = "webhdfs"

// othersOfFsspec fails if another file of fsspec's settings has some for WebHDFS. fsspec merges all files, so that a
// token would go to the other's host, or be sent beside the other's user, which fsspec refuses.
func othersOfFsspec(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		found := false
		switch {
		case e.Name() == fsspecName:
		case strings.HasSuffix(path, ".json"):
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			var settings map[string]json.RawMessage
			if err := json.Unmarshal(text, &settings); err != nil {
				return fmt.Errorf("%s: fsspec cannot read it, and so none of its settings: %w", path, err)
			}
			found = settings[fsspecScheme] != nil || settings["webHDFS"] != nil
		case strings.HasSuffix(path, ".ini"):
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found = bytes.Contains(text, []byte("["+fsspecScheme+"]")) || bytes.Contains(text, []byte("[webHDFS]"))
		}
		if found {
			return fmt.Errorf("%s has settings for %s, which fsspec would mix with those for Granary: take them out, or leave fsspec out with --for %s,%s",
				path, fsspecScheme, Hadoop, Hdfscli)
		}
	}
	return nil
}
