// Package marks inserts results into documents that people write, each between two lines that name its subject.
package marks

import (
	"fmt"
	"strings"
)

// Between returns the document with the result of a subject between the subject's marks, which must exist. The first mark
// says what writes the result.
func Between(document, subject, by, result string) (string, error) {
	mark, endMark := fmt.Sprintf("<!-- %s: written by %s -->\n", subject, by), fmt.Sprintf("<!-- %s: end -->\n", subject)
	before, rest, found := strings.Cut(document, mark)
	_, after, ended := strings.Cut(rest, endMark)
	if !found || !ended {
		return "", fmt.Errorf("the marks between which the result is to stand are missing: %s and %s",
			strings.TrimSpace(mark), strings.TrimSpace(endMark))
	}
	return before + mark + result + endMark + after, nil
}
