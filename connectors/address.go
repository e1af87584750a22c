package connectors

import (
	"errors"
	"net/url"
	"strings"
)

// The places where a placeholder of an address may stand.
const (
	inHost = iota
	inPath
	inQuery
)

// address is an absolute address with placeholders. Where one stands in the host, or makes up the whole, somebody other
// than the operator may choose whom we call: such an address is called through the guard only, see [Deps.Outside].
type address struct {
	pieces []piece
	// places says of each piece where it begins.
	places  []int
	outside bool
	// whole says that one placeholder is all of it.
	whole bool
}

var errAddress = errors.New("an address such as https://example.com/path is needed")

// parseAddress reads an absolute http or https address with placeholders.
func parseAddress(text string) (address, error) {
	parts, err := pieces(text)
	if err != nil {
		return address{}, err
	}
	a := address{pieces: parts, places: make([]int, len(parts))}
	if len(parts) > 0 && parts[0].filled {
		if a.whole = len(parts) == 1; !a.whole {
			return a, errors.New("an address that begins with a placeholder must be that placeholder and nothing else")
		}
		a.outside = true
		return a, nil
	}
	place := inHost
	for i, p := range parts {
		a.places[i] = place
		if p.filled {
			a.outside = a.outside || place == inHost
			continue
		}
		place = placeAfter(place, p.text)
	}
	_, err = parsePlain(sample(parts))
	return a, err
}

// placeAfter is where an address is after a piece that is written out.
func placeAfter(place int, text string) int {
	if place == inHost {
		_, rest, found := strings.Cut(text, "://")
		if !found {
			rest = text
		}
		text = rest
	}
	switch at := strings.IndexAny(text, "/?"); {
	case place == inQuery || strings.Contains(text, "?"):
		return inQuery
	case at >= 0:
		return inPath
	}
	return place
}

// parsePlain reads an address without placeholders.
func parsePlain(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return nil, errAddress
	case u.User != nil:
		return nil, errors.New("a user or password must not stand in an address")
	case u.Fragment != "":
		return nil, errors.New("a # must not stand in an address")
	case leavesSegment(u.Path):
		return nil, errors.New("the address must not hold . or .. as a segment")
	}
	return u, nil
}

// BaseURL checks an address under which paths lie: http or https, without user, query or fragment. It cuts slashes at
// its end.
func BaseURL(text string) (string, error) {
	u, err := parsePlain(strings.TrimSpace(text))
	if err != nil {
		return "", err
	}
	if u.RawQuery != "" || u.ForceQuery {
		return "", errors.New("only scheme, host and path may stand here")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// ownAddress reads the address of a call that does not go to the provider's own.
func (r reading) ownAddress(info Info, names []string) *ownAddress {
	text := r.text("base_url")
	own := &ownAddress{token: r.text("token"), auth: r.oneOf("auth", AuthBearer, AuthBasic, AuthHeader), header: r.text("header")}
	if text == "" {
		if !info.Calls {
			r.wrong(`"base_url" is missing: connector ` + info.Name + " has no address for declared calls")
		}
		for _, key := range []string{"token", "auth", "header"} {
			if _, given := r.values[key]; given {
				r.wrong("belongs to base_url, which is absent: the provider's own settings sign in", key)
			}
		}
		return nil
	}
	r.template(text, names, "base_url")
	var err error
	if own.address, err = parseAddress(text); err == nil && !own.address.whole {
		_, err = BaseURL(sample(own.address.pieces))
	}
	if err != nil {
		r.wrong(err.Error(), "base_url")
	}
	if own.token != "" {
		r.reference(own.token, "token")
		if own.address.outside {
			r.wrong("a token may not go to a host that a placeholder names", "token")
		}
	}
	if err := CheckAuth(own.auth, own.header, own.token != ""); err != nil {
		r.wrong(err.Error(), "auth")
	}
	return own
}

// reference refuses a secret that is written out.
func (r reading) reference(ref string, path ...string) {
	if err := checkReference(ref); err != nil {
		r.wrong(err.Error(), path...)
	}
}
