package connectors

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// hostPart is what a placeholder in a host may come to: a name, a number, or a part of one. It cannot end the host.
var hostPart = regexp.MustCompile(`^[A-Za-z0-9.-]{1,253}$`)

// address fills in an absolute address.
func (f filler) address(a address) (string, error) {
	if a.whole {
		text, err := f.text(a.pieces[0].text)
		if err != nil {
			return "", err
		}
		if _, err := parsePlain(text); err != nil || len(text) > maxAddress {
			return "", Refuse(fmt.Errorf("%s comes to no address such as https://example.com/path", a.pieces[0].text))
		}
		return text, nil
	}
	var whole strings.Builder
	for i, p := range a.pieces {
		text, err := f.addressPart(p, a.places[i])
		if err != nil {
			return "", err
		}
		whole.WriteString(text)
	}
	if _, err := parsePlain(whole.String()); err != nil || whole.Len() > maxAddress {
		return "", Refuse(errors.New("the address that comes of the placeholders cannot be called"))
	}
	return whole.String(), nil
}

func (f filler) addressPart(p piece, place int) (string, error) {
	if !p.filled || place == inPath {
		return f.pathPart(p)
	}
	text, err := f.text(p.text)
	if place == inQuery || err != nil {
		return url.QueryEscape(text), err
	}
	if !hostPart.MatchString(text) {
		return "", Refuse(fmt.Errorf("%s comes to a text that cannot stand in the name of a host", p.text))
	}
	return text, nil
}
