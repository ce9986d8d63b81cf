package login

import (
	"fmt"
	"strings"
)

// The names of hdfscli's settings that are ours: a section, and an option of the section of global settings.
const (
	aliasSection  = aliasName + ".alias"
	globalSection = "global"
	defaultAlias  = "default.alias"
)

// section is the place of a section in the lines of an hdfscli configuration: from its header up to the next one.
type section struct{ from, to int }

// sections finds the sections of that name. The format is that of Python's configparser, which takes a bracket at the
// beginning of a line for a header.
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

// setSection returns a configuration in which the section name is the given text, including its header, or is absent if
// content is "". before is the section that was there, "" if there was none.
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

// setDefaultAlias returns a configuration in which alias is the default one, and the text that was added for that, ""
// if none was. If the configuration has another default, that stays and is returned as other.
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

// unsetDefaultAlias removes what setDefaultAlias added, if it is still there; the section only if nothing else is in
// it.
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

// optionLine returns the index of the line in a section that sets the default alias, -1 if there is none.
func optionLine(lines []string) int {
	for i, line := range lines {
		name, _, found := strings.Cut(strings.Replace(line, ":", "=", 1), "=")
		if found && strings.EqualFold(strings.TrimSpace(name), defaultAlias) {
			return i
		}
	}
	return -1
}

// ended returns text with a newline at its end, unless it is empty.
func ended(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		return text + "\n"
	}
	return text
}
