package web

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// ClientIP sets how to find a client's address behind proxies. The address goes to the
// rate limit, to LoginRadius, and to the session validator, which shares its budget for
// unknown tokens fairly between addresses. Default: the peer's address, since a header
// such as X-Forwarded-For holds what the client likes. Behind a proxy that is the
// proxy's address for all: use [TrustedProxies], or a function of your own here.
//
// f is called for every request that reaches the rate limit or LoginRadius and must be
// safe for concurrent use.
func ClientIP(f func(View) string) Option {
	return option(func(c *settings) {
		if f == nil {
			c.fail(optionError("ClientIP: the function is nil"))
			return
		}
		c.clientIP = f
	})
}

// TrustedProxies finds a client's address in X-Forwarded-For, to which every proxy
// appends the address it was asked by. It reads all values of the header from the last
// to the first and takes the first address that no trusted proxy has. prefixes are the
// proxies' networks, as "10.0.0.0/8", or single addresses.
//
// It fails closed: the header of an untrusted peer is ignored, and from something that
// is no address on, nothing is believed. The address is then that of the last proxy
// that is known. See [ClientIP] for what the address is used for.
func TrustedProxies(prefixes ...string) Option {
	return option(func(c *settings) {
		var trusted []netip.Prefix
		for _, text := range prefixes {
			prefix, err := netip.ParsePrefix(text)
			if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
				prefix, err = addr.Prefix(addr.BitLen())
			}
			if err != nil {
				c.fail(optionError("TrustedProxies: " + text + " is neither a network nor an address"))
				return
			}
			trusted = append(trusted, prefix.Masked())
		}
		if len(trusted) == 0 {
			c.fail(optionError("TrustedProxies: names no proxy"))
			return
		}
		c.clientIP = func(v View) string { return forwardedFor(v, trusted) }
	})
}

func forwardedFor(v View, trusted []netip.Prefix) string {
	isTrusted := func(a netip.Addr) bool {
		for _, p := range trusted {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	peer := peerIP(v)
	client, err := netip.ParseAddr(peer)
	if err != nil {
		return peer
	}
	client = client.Unmap().WithZone("")
	values := v.Values("X-Forwarded-For")
	for _, value := range slices.Backward(values) {
		for rest := value; ; {
			if !isTrusted(client) {
				return client.String()
			}
			last := strings.LastIndexByte(rest, ',')
			next, ok := forwardedAddr(rest[last+1:])
			if !ok {
				return client.String()
			}
			client = next
			if last < 0 {
				break
			}
			rest = rest[:last]
		}
	}
	return client.String()
}

// forwardedAddr reads one entry of X-Forwarded-For, which some proxies write with a
// port.
func forwardedAddr(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		withPort, portErr := netip.ParseAddrPort(text)
		addr, err = withPort.Addr(), portErr
	}
	return addr.Unmap().WithZone(""), err == nil
}

func peerIP(v View) string {
	addr := v.RemoteAddr()
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}
