package main

import "net/netip"

// Direction as policies call it.
type Direction string

const (
	Ingress Direction = "Ingress"
	Egress  Direction = "Egress"
)

// Protocol as nftables calls it.
type Protocol string

// protocolOf translates the API's name; absent means TCP.
func protocolOf(name string) (Protocol, bool) {
	switch name {
	case "", "TCP":
		return "tcp", true
	case "UDP":
		return "udp", true
	case "SCTP":
		return "sctp", true
	}
	return "", false
}

// Ruleset is what a node enforces: for each of its isolated pods a chain, by address.
type Ruleset struct {
	Ingress map[netip.Addr]*Chain
	Egress  map[netip.Addr]*Chain
	// Chains in order; pods to which the same policies apply share one.
	Chains []*Chain
	// NamedPorts that chains ask for, with where they are.
	NamedPorts map[NamedPort][]netip.AddrPort
}

// Chain allows what one of its rules matches, and nothing else.
type Chain struct {
	Direction Direction
	Rules     []Rule
}

// Rule of one policy: it matches what comes from (or goes to) one of its peers and goes to one of its ports.
type Rule struct {
	// Origin is where it stands, for people.
	Origin string
	// Anyone takes the place of peers.
	Anyone bool
	Pods   []netip.Addr
	Blocks []Block
	// AnyPort takes the place of ports, and lets every protocol through.
	AnyPort bool
	// Ranges by protocol: sorted, and none touches another.
	Ranges map[Protocol][]PortRange
	Named  []NamedPort
}

// Block of addresses, with holes.
type Block struct {
	CIDR   netip.Prefix
	Except []netip.Prefix
}

// PortRange includes both ends.
type PortRange struct{ First, Last uint16 }

var everyPort = PortRange{0, 65535}

// NamedPort is a port by its name in the pod that is talked to.
type NamedPort struct {
	Protocol Protocol
	Name     string
}
