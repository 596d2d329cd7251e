package outbound

import (
	"errors"
	"net/netip"
	"syscall"
)

// errAddress is why no connection was tried. It does not name the address: a name in a configuration file that resolves to an
// inner address should not become a way to ask which addresses exist.
var errAddress = errors.New("the address is not one that this destination may be reached at")

// guard judges addresses at the moment of connecting, after the name was resolved: a name that changes its address between
// a check and its use (DNS rebinding) gains nothing.
type guard struct{ allowed []netip.Prefix }

// control is a [net.Dialer]'s Control.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || !g.permits(target.Addr()) {
		return errAddress
	}
	return nil
}

func (g guard) permits(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if never(address) {
		return false
	}
	if len(g.allowed) == 0 {
		return !address.IsLoopback()
	}
	for _, network := range g.allowed {
		if network.Contains(address) {
			return true
		}
	}
	return false
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
