package main

import (
	"fmt"
	"net/netip"
	"sort"
	"strings"
)

// Table is the name of the engine's own table, which nobody else touches.
const Table = "ckx-netpol"

// Render writes a ruleset as one transaction of nft: the kernel goes from the old table to the new one at once, for each packet.
//
// The chain hangs on forward, after kube-proxy's DNAT and before any masquerade: packets there bear the addresses of pods. What a node
// itself sends to its pods, and they to it, does not pass it.
func Render(rules Ruleset) string {
	var text strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&text, format+"\n", values...) }
	line("table ip %s\ndelete table ip %s\ntable ip %s {", Table, Table, Table)
	if len(rules.Chains) > 0 {
		r := renderer{line: line, names: map[*Chain]string{}}
		r.namedPorts(rules.NamedPorts)
		for index, chain := range rules.Chains {
			r.chain(chain, index)
		}
		r.base(rules)
	}
	line("}")
	return text.String()
}

type renderer struct {
	line  func(format string, values ...any)
	names map[*Chain]string
	sets  int
}

func (r *renderer) namedPorts(ports map[NamedPort][]netip.AddrPort) {
	for _, named := range sorted(ports, func(port NamedPort) string { return setOf(port) }) {
		r.set(setOf(named), "ipv4_addr . inet_service", each(ports[named], func(at netip.AddrPort) string {
			return fmt.Sprintf("%s . %d", at.Addr(), at.Port())
		}))
	}
}

func (r *renderer) set(name, kind string, elements []string) {
	r.line("  set %s {\n    type %s", name, kind)
	r.elements(elements)
	r.line("  }")
}

// elements: nft takes no empty list.
func (r *renderer) elements(elements []string) {
	if len(elements) > 0 {
		r.line("    elements = { %s }", strings.Join(elements, ", "))
	}
}

// chain returns what it allows to where it was jumped from, and drops the rest.
func (r *renderer) chain(chain *Chain, index int) {
	r.names[chain] = fmt.Sprintf("%s-%d", strings.ToLower(string(chain.Direction)), index)
	side := "saddr"
	if chain.Direction == Egress {
		side = "daddr"
	}
	var body []string
	for _, rule := range chain.Rules {
		for _, peers := range r.peers(rule, side) {
			for _, ports := range portsOf(rule) {
				body = append(body, strings.Join(words(peers, ports, "return", comment(rule.Origin)), " "))
			}
		}
	}
	r.line("  chain %s {", r.names[chain])
	for _, rule := range body {
		r.line("    %s", rule)
	}
	r.line("    drop\n  }")
}

// peers lists matches, of which one must hold. A set that it needs is written before the chain that uses it.
func (r *renderer) peers(rule Rule, side string) []string {
	if rule.Anyone {
		return []string{""}
	}
	var matches []string
	if len(rule.Pods) > 0 {
		name := fmt.Sprintf("pods-%d", r.sets)
		r.sets++
		r.set(name, "ipv4_addr", each(rule.Pods, netip.Addr.String))
		matches = append(matches, fmt.Sprintf("ip %s @%s", side, name))
	}
	for _, block := range rule.Blocks {
		if match, some := blockMatch(block, side); some {
			matches = append(matches, match)
		}
	}
	return matches
}

// blockMatch is empty for all addresses; the second result is false where none is left.
func blockMatch(block Block, side string) (string, bool) {
	var conditions []string
	if block.CIDR.Bits() > 0 {
		conditions = append(conditions, fmt.Sprintf("ip %s %s", side, block.CIDR))
	}
	for _, except := range block.Except {
		if except.Bits() == 0 {
			return "", false
		}
		conditions = append(conditions, fmt.Sprintf("ip %s != %s", side, except))
	}
	return strings.Join(conditions, " "), true
}

// portsOf lists matches, of which one must hold.
func portsOf(rule Rule) []string {
	if rule.AnyPort {
		return []string{""}
	}
	var matches []string
	for _, protocol := range sorted(rule.Ranges, func(protocol Protocol) string { return string(protocol) }) {
		ranges := rule.Ranges[protocol]
		if ranges[0] == everyPort {
			matches = append(matches, fmt.Sprintf("meta l4proto %s", protocol))
		} else {
			matches = append(matches, fmt.Sprintf("%s dport { %s }", protocol, strings.Join(each(ranges, PortRange.String), ", ")))
		}
	}
	for _, named := range rule.Named {
		matches = append(matches, fmt.Sprintf("ip daddr . %s dport @%s", named.Protocol, setOf(named)))
	}
	return matches
}

// base is where packets come in. Answers are let through by their direction, and all others are judged one by one, so that a new policy
// ends connections that it does not allow. A pod always reaches itself, also by way of a Service.
func (r *renderer) base(rules Ruleset) {
	isolated := map[netip.Addr]bool{}
	for _, chains := range []map[netip.Addr]*Chain{rules.Ingress, rules.Egress} {
		for ip := range chains {
			isolated[ip] = true
		}
	}
	r.set("self", "ipv4_addr . ipv4_addr", each(sorted(isolated, netip.Addr.String), func(ip netip.Addr) string {
		return fmt.Sprintf("%s . %s", ip, ip)
	}))
	r.verdicts("egress", rules.Egress)
	r.verdicts("ingress", rules.Ingress)
	r.line("  chain forward {")
	r.line("    type filter hook forward priority filter - 10; policy accept;")
	r.line("    ct state related accept")
	r.line("    ct direction reply accept")
	r.line("    ip saddr . ip daddr @self accept")
	r.line("    ip saddr vmap @egress")
	r.line("    ip daddr vmap @ingress")
	r.line("  }")
}

func (r *renderer) verdicts(name string, chains map[netip.Addr]*Chain) {
	r.line("  map %s {\n    type ipv4_addr : verdict", name)
	r.elements(each(sorted(chains, netip.Addr.String), func(ip netip.Addr) string { return fmt.Sprintf("%s : jump %s", ip, r.names[chains[ip]]) }))
	r.line("  }")
}

// String as nft writes it.
func (p PortRange) String() string {
	if p.First == p.Last {
		return fmt.Sprint(p.First)
	}
	return fmt.Sprintf("%d-%d", p.First, p.Last)
}

func setOf(named NamedPort) string {
	return fmt.Sprintf("port-%s-%s", named.Protocol, named.Name)
}

// comment: nft takes 128 characters at most.
func comment(text string) string {
	return fmt.Sprintf("comment %q", text[:min(len(text), 120)])
}

func words(parts ...string) []string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return kept
}

func each[T any](list []T, write func(T) string) []string {
	texts := make([]string, len(list))
	for index, entry := range list {
		texts[index] = write(entry)
	}
	return texts
}

// sorted keys of a map.
func sorted[K comparable, V any](entries map[K]V, text func(K) string) []K {
	keys := make([]K, 0, len(entries))
	for key := range entries {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return text(keys[i]) < text(keys[j]) })
	return keys
}
