package connectors

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// How a token is sent.
const (
	// AuthBearer sends "Authorization: Bearer TOKEN".
	AuthBearer = "bearer"
	// AuthBasic sends "Authorization: Basic …"; the token is user:password.
	AuthBasic = "basic"
	// AuthHeader sends the token as it is in a header that the configuration names.
	AuthHeader = "header"
)

// CheckAuth says what is wrong with the settings auth and header, before any token is looked up.
func CheckAuth(auth, header string, hasToken bool) error {
	switch {
	case auth != "" && auth != AuthBearer && auth != AuthBasic && auth != AuthHeader:
		return fmt.Errorf("%q is none of %s, %s, %s", auth, AuthBearer, AuthBasic, AuthHeader)
	case auth == AuthHeader && !hasToken:
		return errors.New("auth: header needs a token")
	case auth == AuthHeader && !headerName.MatchString(header):
		return errors.New("auth: header needs header, the name of the header that holds the token")
	case auth != AuthHeader && header != "":
		return errors.New("header is for auth: header only")
	}
	return nil
}

// Authorize is the header that goes with every request, and the texts that must never come out again. An empty token
// signs in nowhere.
func Authorize(auth, header, token string) (http.Header, []string, error) {
	if err := CheckAuth(auth, header, token != ""); err != nil || token == "" {
		return http.Header{}, nil, err
	}
	if strings.ContainsFunc(token, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return nil, nil, errors.New("the token holds a line break or another control character")
	}
	switch auth {
	case AuthBasic:
		_, password, found := strings.Cut(token, ":")
		if !found {
			return nil, nil, errors.New("with auth: basic the token is user:password")
		}
		encoded := base64.StdEncoding.EncodeToString([]byte(token))
		return http.Header{"Authorization": {"Basic " + encoded}}, []string{token, encoded, password}, nil
	case AuthHeader:
		return http.Header{http.CanonicalHeaderKey(header): {token}}, []string{token}, nil
	}
	return http.Header{"Authorization": {"Bearer " + token}}, []string{token}, nil
}
