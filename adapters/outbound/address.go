package outbound

import (
	"errors"
	"net/netip"
	"slices"
	"syscall"
)

// AddressError is why no connection was tried. It names the address, which says nothing about a person, and the setting that
// would permit it; it goes to the operator's log, never to a caller.
type AddressError struct {
	Address netip.Addr
	why     string
}

// Error says what the address is and what to do.
func (e *AddressError) Error() string { return e.Address.String() + " " + e.why }

// guard judges addresses at the moment of connecting, after the name was resolved: a name that changes its address between
// a check and its use (DNS rebinding) gains nothing.
type guard struct{ allowed []netip.Prefix }

// control is a [net.Dialer]'s Control.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return errors.New("the address that the name resolves to can't be read")
	}
	return g.judge(target.Addr())
}

// Permits says whether a connection to the address would be tried: nil, an [*AddressError], or what is wrong with Allow. It is
// for checking a configuration: what a name resolves to shows only when connecting.
func (c Config) Permits(address netip.Addr) error {
	allowed, err := c.allowed()
	if err != nil {
		return err
	}
	return guard{allowed}.judge(address)
}

func (g guard) judge(address netip.Addr) error {
	address = address.Unmap().WithZone("")
	inAny := slices.ContainsFunc(g.allowed, func(network netip.Prefix) bool { return network.Contains(address) })
	switch {
	case never(address):
		return &AddressError{address, "is link-local, multicast, unspecified or a cloud's metadata service, which no platform is"}
	case len(g.allowed) == 0 && address.IsLoopback():
		return &AddressError{address, "is loopback; list its network under settings.http.allow"}
	case len(g.allowed) > 0 && !inAny:
		return &AddressError{address, "is in none of the networks under settings.http.allow"}
	}
	return nil
}

// never tells the addresses that no platform has. The networks cover metadata services (169.254/16 of most clouds is
// link-local, Alibaba's 100.100.100.200 and Amazon's fd00:ec2::254 are not), "this network" (RFC 1122 §3.2.1.3) and
// broadcast.
func never(address netip.Addr) bool {
	if address.IsLinkLocalUnicast() || address.IsMulticast() || address.IsUnspecified() {
		return true
	}
	for _, network := range [...]netip.Prefix{
		netip.PrefixFrom(netip.AddrFrom4([4]byte{}), 8),
		netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), 32),
		netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 100, 100, 200}), 32),
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0xfd, 2: 0x0e, 3: 0xc2, 14: 0x02, 15: 0x54}), 128),
	} {
		if network.Contains(address) {
			return true
		}
	}
	return false
}
