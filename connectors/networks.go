package connectors

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// reserved are networks of which no address is somebody else's public server, by the registries of special-purpose
// addresses (RFC 6890 and IANA). Of IPv6 only 2000::/3 is public at all; what of it is not is listed here.
var reserved = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// metadataServices serve a machine's own credentials to whoever asks from it: AWS, Azure, Google and most others,
// then AWS's container services, Alibaba's, Azure's wire server, and the IPv6 forms of AWS and Google.
var metadataServices = prefixes(
	"169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "100.100.100.200/32", "168.63.129.16/32",
	"fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128",
)

var (
	publicIPv6 = netip.MustParsePrefix("2000::/3")
	// nat64 is IPv4 behind a translator (RFC 6052): the last 32 bits are the address.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// meant is the IPv4 address that an IPv6 form stands for, or the address itself.
func meant(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if nat64.Contains(addr) {
		bytes := addr.As16()
		return netip.AddrFrom4([4]byte(bytes[12:]))
	}
	return addr
}

// internal reports whether an address is anything but a public one.
func internal(addr netip.Addr) bool {
	addr = meant(addr)
	return !addr.IsValid() || addr.Is6() && !publicIPv6.Contains(addr) || within(reserved, addr) || metadata(addr)
}

// metadata reports whether an address serves this machine's own credentials.
func metadata(addr netip.Addr) bool { return within(metadataServices, meant(addr)) }

func within(networks []netip.Prefix, addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(networks, func(network netip.Prefix) bool { return network.Contains(addr) })
}

// ParseNetworks reads a list of networks, such as "10.1.0.0/16, 192.168.0.7 fd12::/16", with commas or spaces between
// them. The error names the entry and what was meant.
func ParseNetworks(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, entry := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r' }) {
		network, err := parseNetwork(entry)
		if err != nil {
			return nil, err
		}
		all = append(all, network)
	}
	return all, nil
}

func parseNetwork(entry string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(entry); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	network, err := netip.ParsePrefix(entry)
	switch {
	case err != nil:
		return netip.Prefix{}, fmt.Errorf("%q is no network: write for example 10.1.0.0/16", entry)
	case network.Addr().Is4In6():
		return netip.Prefix{}, fmt.Errorf("%q: write the IPv4 network itself, for example 10.1.0.0/16", entry)
	case network != network.Masked():
		return netip.Prefix{}, fmt.Errorf("%q is an address within a network: write %s for all of it", entry, network.Masked())
	}
	return network, nil
}
