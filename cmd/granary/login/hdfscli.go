package login

import (
	"fmt"
	"strings"
)

// The names of hdfscli's settings that are ours: a section, and an option of the section of what holds for all.
const (
	aliasSection  = aliasName + ".alias"
	globalSection = "global"
	defaultAlias  = "default.alias"
)

// section is where a section of a configuration of hdfscli stands in its lines: its header, and where the next begins.
type section struct{ from, to int }

// sections finds the sections of that name. The form is that of Python's configparser, which knows a header by a bracket at
// the beginning of a line.
func sections(lines []string, name string) []section {
	var found []section
	open := false
	for i, line := range lines {
		if !strings.HasPrefix(line, "[") {
			continue
		}
		if open {
			found[len(found)-1].to = i
		}
		header, _, _ := strings.Cut(line[1:], "]")
		if open = header == name; open {
			found = append(found, section{i, len(lines)})
		}
	}
	return found
}

// setSection returns a configuration in which a section is the text given, with its header, or absent if that is "", and
// the section that was there before, "" if there was none.
func setSection(text []byte, name, content string) (changed []byte, before string, err error) {
	lines := strings.SplitAfter(string(text), "\n")
	found := sections(lines, name)
	switch {
	case len(found) > 1:
		return nil, "", fmt.Errorf("it has the section [%s] more than once: leave one of them", name)
	case len(found) == 0 && content == "":
		return text, "", nil
	case len(found) == 0:
		return []byte(ended(string(text)) + content), "", nil
	}
	at := found[0]
	before = strings.Join(lines[at.from:at.to], "")
	return []byte(strings.Join(lines[:at.from], "") + content + strings.Join(lines[at.to:], "")), before, nil
}

// setDefaultAlias returns a configuration in which an alias is the one that is taken where none is named, and what was added
// for that, "" if nothing was; unless it names another: then it stays, and other is that.
func setDefaultAlias(text []byte, alias string) (changed []byte, added, other string, err error) {
	option := defaultAlias + " = " + alias + "\n"
	lines := strings.SplitAfter(string(text), "\n")
	found := sections(lines, globalSection)
	switch {
	case len(found) > 1:
		return nil, "", "", fmt.Errorf("it has the section [%s] more than once: leave one of them", globalSection)
	case len(found) == 0:
		added = "[" + globalSection + "]\n" + option
		return []byte(ended(string(text)) + added), added, "", nil
	}
	at := found[0]
	if i := optionLine(lines[at.from:at.to]); i > 0 {
		_, value, _ := strings.Cut(strings.Replace(lines[at.from+i], ":", "=", 1), "=")
		if value = strings.TrimSpace(value); value != alias {
			return text, "", value, nil
		}
		return text, "", "", nil
	}
	lines[at.from] = ended(lines[at.from]) + option
	return []byte(strings.Join(lines, "")), option, "", nil
}

// unsetDefaultAlias takes back what setDefaultAlias added, if it is still there: its section only if nothing else has come
// to be in it.
func unsetDefaultAlias(text []byte, added string) []byte {
	header, option, ours := strings.Cut(added, "]\n")
	if !ours {
		option = header
	}
	lines := strings.SplitAfter(string(text), "\n")
	for _, at := range sections(lines, globalSection) {
		i := optionLine(lines[at.from:at.to])
		if i <= 0 || lines[at.from+i] != option {
			continue
		}
		lines[at.from+i] = ""
		if ours && strings.TrimSpace(strings.Join(lines[at.from+1:at.to], "")) == "" {
			lines[at.from] = ""
		}
	}
	return []byte(strings.Join(lines, ""))
}

// optionLine returns which line of a section sets the default alias, -1 if none does.
func optionLine(lines []string) int {
	for i, line := range lines {
		name, _, found := strings.Cut(strings.Replace(line, ":", "=", 1), "=")
		if found && strings.EqualFold(strings.TrimSpace(name), defaultAlias) {
			return i
		}
	}
	return -1
}

// ended returns text with its last line ended.
func ended(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		return text + "\n"
	}
	return text
}
