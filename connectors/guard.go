package connectors

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
)

// BlockedError says that an address was not called because it is internal.
type BlockedError struct {
	// Address is what the name in the URL led to.
	Address string
	// Metadata says that a name written in the configuration led to the machine's own metadata service.
	Metadata bool
}

// Error names the address and the setting that would allow it.
func (e *BlockedError) Error() string {
	if e.Metadata {
		return fmt.Sprintf("the name leads to %s, where this machine's own credentials are served: no name may lead there", e.Address)
	}
	return fmt.Sprintf("the address %s is internal and is not called: if it is meant, add it to USHER_ALLOW_NETWORKS", e.Address)
}

// NewOutsideClient is a client for addresses that others can influence, by a template or by an answer. It looks at the
// very address that is connected to, after the name was resolved, so that a name which resolves differently a moment
// later gains nothing; it asks no proxy, which would resolve the name once more; and it follows redirects as
// [NewHTTPClient] does, each through the same guard. Allowed are internal networks that may be called nevertheless,
// see [ParseNetworks].
func NewOutsideClient(allowed []netip.Prefix) *http.Client {
	return outsideClient(&net.Dialer{}, allowed)
}

func outsideClient(dialer *net.Dialer, allowed []netip.Prefix) *http.Client {
	client := NewHTTPClient()
	guarded := *dialer
	guarded.Timeout = dialTimeout
	guarded.ControlContext = func(_ context.Context, network, address string, _ syscall.RawConn) error {
		return guard(network, address, allowed)
	}
	transport := client.Transport.(*http.Transport) //nolint:errcheck // NewHTTPClient made it
	transport.Proxy, transport.DialContext = nil, guarded.DialContext
	return client
}

// guard refuses to connect to an internal address.
func guard(network, address string, allowed []netip.Prefix) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return &BlockedError{Address: address}
	}
	if internal(to.Addr()) && !within(allowed, to.Addr()) {
		return &BlockedError{Address: to.Addr().String()}
	}
	return nil
}

// dialNamed connects to where a configuration says. A name may lead anywhere inside but not to a metadata service:
// whoever answers for the name would read this machine's own credentials through us. The bare address may be written.
func dialNamed(dialer *net.Dialer) func(context.Context, string, string) (net.Conn, error) {
	guarded := *dialer
	guarded.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err == nil && metadata(to.Addr()) {
			return &BlockedError{Address: to.Addr().String(), Metadata: true}
		}
		return nil
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, err := netip.ParseAddrPort(address); err == nil {
			return dialer.DialContext(ctx, network, address)
		}
		return guarded.DialContext(ctx, network, address)
	}
}
