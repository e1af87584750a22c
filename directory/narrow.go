package directory

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

// narrow lets the database choose as far as it can.
func (c *call) narrow(s *search) error {
	text := c.query.Get("filter")
	if !c.query.Has("filter") {
		return nil
	}
	var err error
	if s.filter, err = scim.ParseFilter(s.kind.typ(), text); err != nil {
		return err
	}
	s.text, s.exact = strings.ToLower(text), s.filter.Exact()
	for _, equality := range s.filter.Equalities() {
		value, isText := equality.Value.(string)
		if isText && (!utf8.ValidString(value) || strings.ContainsRune(value, 0)) {
			s.exact = false // no database can be asked for it
			continue
		}
		equal, exact, known := s.kind.column(equality)
		s.exact = s.exact && known && exact
		switch {
		case known:
			s.rows.Equal = append(s.rows.Equal, equal)
		case isText:
			s.rows.Holds = append(s.rows.Holds, s.written(equality.Attribute, strings.ToLower(value))...)
		}
	}
	for _, mention := range s.filter.Mentions() {
		s.rows.Holds = append(s.rows.Holds, s.mentioned(mention)...)
	}
	return nil
}

// written is how an attribute with a value stands in the JSON of a resource, in lower case; nothing if it does not stand
// there, or not surely so.
func (s *search) written(attribute, value string) []db.DirectoryText {
	text, ok := inJSON(value)
	switch {
	case !ok || !s.stands(attribute):
		return nil
	case strings.Contains(attribute, ":"):
		return []db.DirectoryText{{Text: `"` + text + `"`}} // of an extension, where a value can be in a list
	}
	return []db.DirectoryText{{Name: named(attribute), Text: `"` + text + `"`}}
}

// mentioned is what stands in the JSON of a resource with an attribute that has a value, or one that holds a text.
func (s *search) mentioned(mention scim.Mention) []db.DirectoryText {
	text, ok := inJSON(mention.Text)
	switch {
	case !ok || !s.stands(mention.Attribute):
		return nil
	case text == "":
		return []db.DirectoryText{{Name: named(mention.Attribute)}}
	}
	return []db.DirectoryText{{Text: text}}
}

// stands says whether an attribute stands in the JSON of a resource, or is made from elsewhere.
func (s *search) stands(attribute string) bool {
	whole, _, _ := strings.Cut(attribute, ".")
	return whole != "id" && whole != "meta" && whole != "schemas" && whole != s.kind.related()
}

// inJSON is a text as it stands in JSON, without quotes. Of a text that is not all ASCII that can't be said: databases
// differ in what is lower case.
func inJSON(text string) (string, bool) {
	for _, letter := range []byte(text) {
		if letter >= utf8.RuneSelf {
			return "", false
		}
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return "", false
	}
	return string(quoted[1 : len(quoted)-1]), true
}

// named is the name of an attribute within what it is a part of.
func named(attribute string) string {
	return `"` + attribute[strings.LastIndexAny(attribute, ":.")+1:] + `":`
}
