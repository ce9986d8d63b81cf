package login

import (
	"strings"
	"testing"
)

const site = "<configuration>\n  <!-- ours since 2012 -->\n  <property>\n    <name>fs.defaultFS</name>\n    <value>hdfs://old:8020</value>\n    <final>true</final>\n  </property>\n" +
	"  <property><name>io.file.buffer.size</name><value>4096</value></property>\n\n</configuration>\n"

// TestSetProperty changes a setting, and changes it back.
func TestSetProperty(t *testing.T) {
	const element = "<property><name>fs.defaultFS</name><value>webhdfs://g:1</value></property>"
	old := site[strings.Index(site, "<property>") : strings.Index(site, "</property>")+len("</property>")]
	for name, c := range map[string]struct{ text, want, before string }{
		"empty":    {emptyCoreSite, strings.Replace(emptyCoreSite, "\n</", "\n  "+element+"\n</", 1), ""},
		"replaced": {site, strings.Replace(site, old, element, 1), old},
		"one line": {"<configuration></configuration>", "<configuration>\n  " + element + "</configuration>", ""},
		"included": {
			`<configuration xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="more.xml"/></configuration>`,
			`<configuration xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="more.xml"/>` + "\n  " + element + "</configuration>", "",
		},
		"in a comment": {
			"<configuration><!-- " + element + " --></configuration>",
			"<configuration><!-- " + element + " -->\n  " + element + "</configuration>", "",
		},
	} {
		got, before, err := setProperty([]byte(c.text), "fs.defaultFS", element)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if string(got) != c.want || before != c.before {
			t.Errorf("%s: before %q, now\n%s\nwant before %q, now\n%s", name, before, got, c.before, c.want)
		}
		if back, _, err := setProperty(got, "fs.defaultFS", before); err != nil || string(back) != c.text {
			t.Errorf("%s: changed back, %v:\n%s\nwant\n%s", name, err, back, c.text)
		}
	}
}

func TestCoreSitesThatAreRefused(t *testing.T) {
	for text, words := range map[string]string{
		"":                      "no <configuration>",
		"fs.defaultFS=hdfs://":  "no <configuration>",
		"<configuration>":       "not XML",
		"<configuration/>":      "closed at once",
		"<settings></settings>": "its root is <settings>",
		"<configuration><property><name>a</name></property><property><name> a </name></property></configuration>": "more than once",
	} {
		if _, _, err := setProperty([]byte(text), "a", "<property/>"); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v; want words about %q", text, err, words)
		}
	}
}

func TestPropertyElement(t *testing.T) {
	got, err := propertyElement("a", `/home/a&b/<x>"`)
	if err != nil || got != "<property><name>a</name><value>/home/a&amp;b/&lt;x&gt;&#34;</value></property>" {
		t.Errorf("%s, %v", got, err)
	}
}

// TestAliases adds an alias to a configuration of hdfscli, and takes it back.
func TestAliases(t *testing.T) {
	const alias = "[granary.alias]\nurl = x\n"
	for name, c := range map[string]struct{ text, want, other string }{
		"empty":          {"", "[global]\ndefault.alias = granary\n" + alias, ""},
		"another":        {"[prod.alias]\nurl = y\n", "[prod.alias]\nurl = y\n[global]\ndefault.alias = granary\n" + alias, ""},
		"global":         {"[global]\nautoload.modules = m\n", "[global]\ndefault.alias = granary\nautoload.modules = m\n" + alias, ""},
		"empty global":   {"[global]\n", "[global]\ndefault.alias = granary\n" + alias, ""},
		"default":        {"[global]\ndefault.alias = prod\n\n[prod.alias]\n", "[global]\ndefault.alias = prod\n\n[prod.alias]\n" + alias, "prod"},
		"another form":   {"# mine\n[global]\nDefault.Alias:prod\n", "# mine\n[global]\nDefault.Alias:prod\n" + alias, "prod"},
		"the same":       {"[global]\ndefault.alias=granary\n", "[global]\ndefault.alias=granary\n" + alias, ""},
		"alias replaced": {"[granary.alias]\nurl = z\n[global]\ndefault.alias = prod\n", alias + "[global]\ndefault.alias = prod\n", "prod"},
	} {
		got, added, other, err := setDefaultAlias([]byte(c.text), "granary")
		if err != nil {
			t.Fatal(err)
		}
		got, before, err := setSection(got, "granary.alias", alias)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want || other != c.other {
			t.Errorf("%s: the default is %q, and now\n%s\nwant %q and\n%s", name, other, got, c.other, c.want)
		}
		got, _, err = setSection(got, "granary.alias", before)
		if back := unsetDefaultAlias(got, added); err != nil || string(back) != c.text {
			t.Errorf("%s: taken back, %v:\n%s\nwant\n%s", name, err, back, c.text)
		}
	}
	for _, text := range []string{"[granary.alias]\n[granary.alias]\n", "[global]\n[global]\n"} {
		_, _, err := setSection([]byte(text), "granary.alias", alias)
		if _, _, _, e := setDefaultAlias([]byte(text), "granary"); err == nil && e == nil {
			t.Errorf("%q was changed", text)
		}
	}
}

// TestSettingsThatCameLater stay when the alias is taken back.
func TestSettingsThatCameLater(t *testing.T) {
	got := unsetDefaultAlias([]byte("[global]\ndefault.alias = granary\nautoload.modules = m\n"), "[global]\ndefault.alias = granary\n")
	if want := "[global]\nautoload.modules = m\n"; string(got) != want {
		t.Errorf("left is\n%s\nwant\n%s", got, want)
	}
	chosen := "[global]\ndefault.alias = prod\n"
	if got := unsetDefaultAlias([]byte(chosen), "[global]\ndefault.alias = granary\n"); string(got) != chosen {
		t.Errorf("left is\n%s\nwant\n%s", got, chosen)
	}
}
