package connectors

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// httpTimeout bounds one call, from dialling to the end of the body.
const httpTimeout = 30 * time.Second

// dialTimeout bounds connecting.
const dialTimeout = 10 * time.Second

// errTooManyRedirects ends a loop of redirects.
var errTooManyRedirects = errors.New("too many redirects")

// NewHTTPClient is a client for addresses that the operator wrote, inside or outside, with its own connections. It is
// bounded in time, and it follows redirects only for reads and only to the same scheme, host and port, so that a target
// cannot send our token elsewhere. No name leads it to a cloud's metadata service; a bare address in the configuration
// does. Through a proxy of the environment, it is the proxy that looks names up.
func NewHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	transport.DialContext = dialNamed(&net.Dialer{Timeout: dialTimeout})
	return &http.Client{Transport: transport, Timeout: httpTimeout, CheckRedirect: sameHostReads}
}

func sameHostReads(req *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > 5 {
		return errTooManyRedirects
	}
	if first.Method != http.MethodGet || req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}
