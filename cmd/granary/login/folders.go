package login

import "path/filepath"

// Folders are where clients look for settings.
type Folders struct {
	Granary string // the folder of our own files
	Hadoop  string // the folder of core-site.xml
	Hdfscli string // hdfscli's configuration, a file
	Fsspec  string // the folder of fsspec's settings
}

// FoldersOf returns where the clients of a user look for settings: in the home folder home, unless a variable of the
// client's says otherwise. Hadoop reads only one folder, which is our own unless hadoop names another, such as that of
// an installation of Hadoop.
func FoldersOf(home string, getenv func(string) string, hadoop string) Folders {
	configuration := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(configuration) { // as the XDG specification demands
		configuration = filepath.Join(home, ".config")
	}
	f := Folders{
		Granary: filepath.Join(configuration, "granary"),
		Hadoop:  hadoop,
		Hdfscli: fromRoot(getenv("HDFSCLI_CONFIG")),
		Fsspec:  fromRoot(getenv("FSSPEC_CONFIG_DIR")),
	}
	if f.Hadoop == "" {
		f.Hadoop = filepath.Join(f.Granary, hadoopFolder)
	}
	if f.Hdfscli == "" {
		f.Hdfscli = filepath.Join(home, ".hdfscli.cfg")
	}
	if f.Fsspec == "" {
		f.Fsspec = filepath.Join(home, ".config", "fsspec") // it does not know XDG_CONFIG_HOME
	}
	return f
}

// fromRoot returns the absolute path: what a login writes in one folder must be found by a logout in another.
func fromRoot(path string) string {
	if path == "" {
		return ""
	}
	if all, err := filepath.Abs(path); err == nil {
		return all
	}
	return path
}

// Our own files in the folder Granary.
const (
	recordName = "login.json"   // the Record
	tokenName  = "token"        // the token alone
	hadoopName = "hadoop.token" // the token, for Hadoop
	shellName  = "env.sh"       // what a shell has to read

	hadoopFolder = "hadoop" // settings of Hadoop
)

// The names of our settings among those of others.
const (
	coreSiteName = "core-site.xml"
	fsspecName   = "granary.json"
	aliasName    = "granary" // of hdfscli
)

// Shell returns the file that a shell has to read before it starts clients that look for their settings by its
// environment.
func (f Folders) Shell() string { return filepath.Join(f.Granary, shellName) }

// Token returns the file that holds the token and nothing else.
func (f Folders) Token() string { return filepath.Join(f.Granary, tokenName) }

func (f Folders) record() string { return filepath.Join(f.Granary, recordName) }

// ownHadoop reports whether the folder of core-site.xml is ours, so that nothing in it is for another service.
func (f Folders) ownHadoop() bool { return f.Hadoop == filepath.Join(f.Granary, hadoopFolder) }
