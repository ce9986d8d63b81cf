package namespace

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A search compares names, tags and descriptions without regard to case, to the composition of letters (NFC or NFD), and to their
// width and ligatures (NFKC), and with any white space as one blank. Look-alike letters of different scripts are different.

// folded returns text in the form in which texts are compared.
func folded(text string) string {
	text = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// maxSpelled bounds what the index holds of a name, in bytes: an entry of a B-tree can have 2,704. Names have at most 255, but a
// letter may fold to several.
const maxSpelled = 1000

// maxWords bounds what the index holds of an inode's labels, in bytes. Labels in ASCII fit completely. But a letter may fold to
// eighteen of six bytes each; without the bound, the labels of a few inodes could then exceed what one statement takes.
const maxWords = 48 << 10

// spelled returns the form of a folded text in the index: a character that is not ASCII becomes x and its number in hexadecimal. In
// the locale "C", PostgreSQL makes no trigrams of such characters, and a search for them would read all names. The x may also be a
// real letter, so whatever the index yields is compared with the text itself.
func spelled(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		b.WriteByte('x')
		b.WriteString(strconv.FormatInt(int64(r), 16))
	}
	return b.String()
}

// selective reports whether PostgreSQL makes a trigram of a spelled text between wildcards. pg_trgm takes words of letters and
// digits, and puts two blanks before a word that begins inside the text and one after a word that ends inside it.
func selective(text string) bool {
	begin := -1
	for i := range len(text) + 1 {
		inWord := i < len(text) && (text[i] >= 'a' && text[i] <= 'z' || text[i] >= '0' && text[i] <= '9')
		switch {
		case inWord && begin < 0:
			begin = i
		case !inWord && begin >= 0:
			length := i - begin
			if begin > 0 {
				length += 2
			}
			if i < len(text) {
				length++
			}
			if length >= 3 {
				return true
			}
			begin = -1
		}
	}
	return false
}

// likeEscaper makes a text stand for itself in a LIKE pattern.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
