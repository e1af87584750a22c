package connectors

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// nameServer is a DNS server on loopback: the n-th question for an address of IPv4 gets the n-th answer, later ones the
// last.
type nameServer struct {
	answers []netip.Addr
	asked   atomic.Int64
}

// resolver starts the server and answers a resolver that asks nobody else.
func (s *nameServer) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	go s.serve(conn)
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}
}

func (s *nameServer) serve(conn *net.UDPConn) {
	buffer := make([]byte, 512)
	for {
		n, from, err := conn.ReadFromUDP(buffer)
		if err != nil {
			return
		}
		_, _ = conn.WriteToUDP(s.reply(buffer[:n]), from)
	}
}

// reply answers a question (RFC 1035 section 4): the header, the question as it came, and one A record if it asks so.
func (s *nameServer) reply(question []byte) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	kind := binary.BigEndian.Uint16(question[end+1:])
	reply := append([]byte{}, question[:end+5]...)
	copy(reply[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if kind != 1 {
		return reply
	}
	reply[7] = 1
	at := min(int(s.asked.Add(1)), len(s.answers)) - 1
	reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
	return append(reply, s.answers[at].AsSlice()...)
}

// listen starts a server at an address of loopback, on a port of its own or the given one.
func listen(t *testing.T, host, port string, handler http.Handler) (string, *atomic.Int64) {
	t.Helper()
	calls := &atomic.Int64{}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", net.JoinHostPort(host, port))
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		handler.ServeHTTP(w, r)
	}))
	require.NoError(t, server.Listener.Close())
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	_, port, err = net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	return port, calls
}

func get(t *testing.T, client *http.Client, url string) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

var fine = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })

// TestNamesThatResolveDifferentlyNextTime looks a name up twice: the first time it leads where we may call, then
// inside. Nothing inside is called, whether a new call or a redirect asks again.
func TestNamesThatResolveDifferentlyNextTime(t *testing.T) {
	t.Parallel()
	outside, inside := netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.1")
	allowed := []netip.Prefix{netip.PrefixFrom(outside, 32)}
	again := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "/next", http.StatusTemporaryRedirect)
		}
	})
	port, reached := listen(t, outside.String(), "0", again)
	_, leaked := listen(t, inside.String(), port, again)
	for _, path := range []string{"/", "/redirect"} {
		reached.Store(0)
		names := &nameServer{answers: []netip.Addr{outside, inside}}
		client := outsideClient(&net.Dialer{Resolver: names.resolver(t)}, allowed)
		url := "http://rebind.example.com:" + port + path
		status, err := get(t, client, url)
		if path == "/" {
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, status)
			_, err = get(t, client, url)
		}
		var blocked *BlockedError
		require.ErrorAs(t, err, &blocked)
		require.Equal(t, inside.String(), blocked.Address)
		require.EqualValues(t, 2, names.asked.Load(), "the name was looked up again")
		require.EqualValues(t, 1, reached.Load())
		require.Zero(t, leaked.Load())
	}
}

// TestInternalAddressesAreNotCalled writes loopback in every way that a resolver or a URL understands.
func TestInternalAddressesAreNotCalled(t *testing.T) {
	t.Parallel()
	port, calls := listen(t, "127.0.0.1", "0", fine)
	client := NewOutsideClient(nil)
	for _, host := range []string{
		"127.0.0.1", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
	} {
		_, err := get(t, client, "http://"+host+":"+port+"/")
		require.Error(t, err, host)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		_, err := get(t, client, "http://"+host+":"+port+"/")
		require.ErrorContains(t, err, "USHER_ALLOW_NETWORKS", host)
		require.ErrorContains(t, err, "is internal", host)
	}
	require.Zero(t, calls.Load())
	status, err := get(t, NewOutsideClient(prefixes("127.0.0.0/8")), "http://[::ffff:127.0.0.1]:"+port+"/")
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, status, "allowed by the operator")
}

// TestNoProxyLeadsAround calls with a proxy in the environment, which would resolve names out of our sight.
func TestNoProxyLeadsAround(t *testing.T) {
	port, calls := listen(t, "127.0.0.1", "0", fine)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:"+port)
	client := NewOutsideClient(nil)
	require.Nil(t, client.Transport.(*http.Transport).Proxy)
	_, err := get(t, client, "http://10.0.0.1/")
	require.ErrorContains(t, err, "10.0.0.1 is internal")
	require.Zero(t, calls.Load())
}

// TestNamesNeverLeadToMetadata lets a written name lead inside, but not to where this machine's credentials are.
func TestNamesNeverLeadToMetadata(t *testing.T) {
	t.Parallel()
	port, calls := listen(t, "127.0.0.1", "0", fine)
	names := &nameServer{answers: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("169.254.169.254")}}
	dial := dialNamed(&net.Dialer{Resolver: names.resolver(t)})
	client := NewHTTPClient()
	client.Transport.(*http.Transport).DialContext = dial
	client.Transport.(*http.Transport).DisableKeepAlives = true
	client.Transport.(*http.Transport).Proxy = nil
	url := "http://desk.example.com:" + port + "/"
	status, err := get(t, client, url)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, status)
	_, err = get(t, client, url)
	require.ErrorContains(t, err, "leads to 169.254.169.254")
	require.EqualValues(t, 1, calls.Load())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = dial(ctx, "tcp", "169.254.169.254:80")
	var blocked *BlockedError
	require.Error(t, err)
	require.NotErrorAs(t, err, &blocked, "the bare address is what the operator means")
}

// TestBlockedCallsAreRefused for good: another try would come to the same.
func TestBlockedCallsAreRefused(t *testing.T) {
	t.Parallel()
	client := &JSONClient{HTTP: NewOutsideClient(nil), Base: "http://169.254.169.254"}
	_, err := client.Do(t.Context(), Request{Method: http.MethodPost, Path: "/latest"})
	require.Equal(t, Refused, markOf(err).outcome)
	require.ErrorContains(t, err, "169.254.169.254 is internal")
}

// TestWhichAddressesAreInternal is the table of networks.
func TestWhichAddressesAreInternal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.255.255", "168.63.129.16",
		"169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
		"2001::1", "2001:db8::1", "2002:a00:1::1", "2002:808:808::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1", "4000::1",
	} {
		require.True(t, internal(netip.MustParseAddr(text)), text)
		require.Error(t, guard("tcp6", netip.AddrPortFrom(netip.MustParseAddr(text), 443).String(), nil), text)
	}
	for _, text := range []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.0.0.1", "128.0.0.1", "172.15.0.1", "172.32.0.1",
		"192.0.1.1", "192.167.0.1", "192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
		"2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2003::1",
	} {
		require.False(t, internal(netip.MustParseAddr(text)), text)
		require.NoError(t, guard("tcp4", netip.AddrPortFrom(netip.MustParseAddr(text), 443).String(), nil), text)
	}
	for _, network := range []string{"udp4", "unix", "tcp"} {
		require.Error(t, guard(network, "8.8.8.8:443", nil), network)
	}
	require.Error(t, guard("tcp4", "8.8.8.8", nil))
	require.True(t, internal(netip.Addr{}))
}

func TestAllowedNetworks(t *testing.T) {
	t.Parallel()
	networks, err := ParseNetworks(" 10.1.0.0/16,192.168.0.7\n::ffff:10.9.0.1 fd12::/16 ,")
	require.NoError(t, err)
	require.Equal(t, "[10.1.0.0/16 192.168.0.7/32 10.9.0.1/32 fd12::/16]", fmt.Sprint(networks))
	for address, allowed := range map[string]bool{
		"10.1.2.3": true, "::ffff:10.1.2.3": true, "192.168.0.7": true, "10.9.0.1": true, "fd12::1": true, "10.2.0.1": false, "192.168.0.8": false, "fd13::1": false,
	} {
		err := guard("tcp6", netip.AddrPortFrom(netip.MustParseAddr(address), 80).String(), networks)
		require.Equal(t, allowed, err == nil, address)
	}
	networks, err = ParseNetworks(" ")
	require.NoError(t, err)
	require.Empty(t, networks)
	for text, want := range map[string]string{
		"10.1.2.3/16": "write 10.1.0.0/16 for all of it", "10.1.0.0/33": "is no network", "intranet": `"intranet" is no network`, "fe80::1%eth0": "is no network",
		"::ffff:10.0.0.0/104": "write the IPv4 network itself", "10.0.0.0/8;11.0.0.0/8": "is no network",
	} {
		_, err := ParseNetworks("10.0.0.0/8 " + text)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, strings.Fields(text)[0])
	}
}
