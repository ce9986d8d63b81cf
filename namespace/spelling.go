package namespace

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// How names, tags and descriptions are compared when one searches: without regard to capitals, to how a letter is composed
// (NFC or NFD) and to its width or ligatures (NFKC), and with any white space as one blank. Letters of different scripts
// that look alike are different.

// folded returns text in the form in which texts are compared.
func folded(text string) string {
	text = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// maxSpelled bounds what the index holds of a name, in bytes: an entry of a B-tree has 2,704. Names have 255, but a letter
// may fold to many.
const maxSpelled = 1000

// maxWords bounds what the index holds of labels, in bytes: all of them, if they are in ASCII. A letter may fold to eighteen
// of six bytes each, and then the labels of a few inodes would be more than one statement takes.
const maxWords = 48 << 10

// spelled returns the form in which a folded text is in the index: what is not ASCII as x and its hexadecimal number. Where
// the locale is "C", PostgreSQL makes no trigrams of other letters, and a search for them would read all names. That x can
// also be a letter: who finds something by it looks at the text itself.
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

// selective reports whether PostgreSQL makes a trigram of a spelled text between wildcards. pg_trgm takes words of letters
// and digits, and puts two blanks before one that begins inside the text and one behind one that ends there.
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

// likeEscaper makes a text stand for itself in a pattern of LIKE.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
