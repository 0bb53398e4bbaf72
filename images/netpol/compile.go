package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"sort"
	"strings"
)

// Cluster is what is known of a cluster at one moment.
type Cluster struct {
	Node       string
	Namespaces map[string]*Namespace
	Pods       []*Pod
	Policies   []*Policy
	// Attached are addresses that pods of this node were given, as the node's own network set-up said: the API hears of them later.
	Attached []Attachment
}

// Attachment of a pod to the network.
type Attachment struct {
	Namespace string       `json:"namespace"`
	Name      string       `json:"name"`
	UID       string       `json:"uid"`
	IPs       []netip.Addr `json:"ips"`
}

// portName is what the API accepts; it becomes part of what nft reads.
var portName = regexp.MustCompile(`^[a-z0-9-]{1,15}$`)

// located is a pod with its addresses.
type located struct {
	*Pod
	ips []netip.Addr
}

type compiler struct {
	Cluster
	pods   []located
	result Ruleset
}

// Compile says what a node has to enforce. The same cluster gives the same, in the same order.
func Compile(cluster Cluster) Ruleset {
	c := compiler{Cluster: cluster}
	c.result = Ruleset{Ingress: map[netip.Addr]*Chain{}, Egress: map[netip.Addr]*Chain{}, NamedPorts: map[NamedPort][]netip.AddrPort{}}
	sort.Slice(c.Pods, func(i, j int) bool { return before(&c.Pods[i].Metadata, &c.Pods[j].Metadata) })
	sort.Slice(c.Policies, func(i, j int) bool { return before(&c.Policies[i].Metadata, &c.Policies[j].Metadata) })
	c.locate()
	c.isolate(Ingress, c.result.Ingress)
	c.isolate(Egress, c.result.Egress)
	for port := range c.result.NamedPorts {
		c.result.NamedPorts[port] = c.whereIs(port)
	}
	return c.result
}

func before(a, b *meta) bool {
	return a.Namespace < b.Namespace || (a.Namespace == b.Namespace && a.Name < b.Name)
}

// locate finds the addresses of all pods that policies are about. What the node itself says goes before what the API says: a status may
// be of a sandbox that is gone, and its address another's by now.
func (c *compiler) locate() {
	taken := map[netip.Addr]bool{}
	for _, attachment := range c.Attached {
		for _, ip := range attachment.IPs {
			taken[ip] = true
		}
	}
	for _, pod := range c.Pods {
		if !pod.hasNetwork() {
			continue
		}
		var ips []netip.Addr
		for _, attachment := range c.Attached {
			if attachment.Namespace == pod.Metadata.Namespace && attachment.Name == pod.Metadata.Name && pod.is(attachment.UID) {
				ips = append(ips, attachment.IPs...)
			}
		}
		if ips == nil {
			for _, ip := range pod.addresses() {
				if !taken[ip] {
					ips = append(ips, ip)
				}
			}
		}
		if ips != nil {
			c.pods = append(c.pods, located{pod, ips})
		}
	}
}

// isolate gives each pod of this node a chain, if a policy applies to it.
func (c *compiler) isolate(direction Direction, chains map[netip.Addr]*Chain) {
	shared := map[string]*Chain{}
	for _, pod := range c.pods {
		if pod.Spec.NodeName != c.Node {
			continue
		}
		var applying []*Policy
		var names []string
		for _, policy := range c.Policies {
			if policy.Metadata.Namespace == pod.Metadata.Namespace && policy.governs(direction) && policy.Spec.PodSelector.Matches(pod.Metadata.Labels) {
				applying = append(applying, policy)
				names = append(names, policy.Metadata.Name)
			}
		}
		if len(applying) == 0 {
			continue
		}
		key := pod.Metadata.Namespace + "/" + strings.Join(names, ",")
		if shared[key] == nil {
			shared[key] = c.chain(direction, applying)
			c.result.Chains = append(c.result.Chains, shared[key])
		}
		for _, ip := range pod.ips {
			chains[ip] = shared[key]
		}
	}
}

func (c *compiler) chain(direction Direction, policies []*Policy) *Chain {
	chain := &Chain{Direction: direction}
	for _, policy := range policies {
		rules := policy.Spec.Ingress
		if direction == Egress {
			rules = policy.Spec.Egress
		}
		for index, source := range rules {
			peers := source.From
			if direction == Egress {
				peers = source.To
			}
			rule := Rule{Origin: fmt.Sprintf("%s/%s %s %d", policy.Metadata.Namespace, policy.Metadata.Name, strings.ToLower(string(direction)), index)}
			c.addPeers(&rule, policy.Metadata.Namespace, peers)
			c.addPorts(&rule, source.Ports)
			chain.Rules = append(chain.Rules, rule)
		}
	}
	return chain
}

func (c *compiler) addPeers(rule *Rule, namespace string, peers []peer) {
	rule.Anyone = len(peers) == 0
	chosen := map[netip.Addr]bool{}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			if block, ok := blockOf(peer.IPBlock); ok {
				rule.Blocks = append(rule.Blocks, block)
			}
			continue
		}
		for _, pod := range c.pods {
			if c.isPeer(pod, peer, namespace) {
				for _, ip := range pod.ips {
					if !chosen[ip] {
						chosen[ip] = true
						rule.Pods = append(rule.Pods, ip)
					}
				}
			}
		}
	}
}

// isPeer: a peer's two selectors must both hold; without one for namespaces it means pods of the policy's own. One with neither selects nothing.
func (c *compiler) isPeer(pod located, peer peer, namespace string) bool {
	if peer.NamespaceSelector == nil && peer.PodSelector == nil {
		return false
	}
	if peer.NamespaceSelector == nil {
		if pod.Metadata.Namespace != namespace {
			return false
		}
	} else {
		of := c.Namespaces[pod.Metadata.Namespace]
		if of == nil || !peer.NamespaceSelector.Matches(of.Metadata.Labels) {
			return false
		}
	}
	return peer.PodSelector == nil || peer.PodSelector.Matches(pod.Metadata.Labels)
}

func blockOf(source *ipBlock) (Block, bool) {
	cidr, err := netip.ParsePrefix(source.CIDR)
	if err != nil || !cidr.Addr().Is4() {
		return Block{}, false
	}
	block := Block{CIDR: cidr.Masked()}
	for _, text := range source.Except {
		if except, err := netip.ParsePrefix(text); err == nil && except.Addr().Is4() {
			block.Except = append(block.Except, except.Masked())
		}
	}
	return block, true
}

func (c *compiler) addPorts(rule *Rule, ports []policyPort) {
	rule.AnyPort = len(ports) == 0
	rule.Ranges = map[Protocol][]PortRange{}
	for _, port := range ports {
		protocol, known := protocolOf(port.Protocol)
		if !known {
			continue
		}
		var number uint16
		var name string
		switch {
		case len(port.Port) == 0 || string(port.Port) == "null":
			rule.Ranges[protocol] = append(rule.Ranges[protocol], everyPort)
		case json.Unmarshal(port.Port, &number) == nil:
			rule.Ranges[protocol] = append(rule.Ranges[protocol], PortRange{number, max(number, port.EndPort)})
		case json.Unmarshal(port.Port, &name) == nil && portName.MatchString(name):
			named := NamedPort{protocol, name}
			rule.Named = append(rule.Named, named)
			c.result.NamedPorts[named] = nil
		}
	}
	for protocol, ranges := range rule.Ranges {
		rule.Ranges[protocol] = merged(ranges)
	}
}

// merged sorts ranges and joins those that overlap or touch.
func merged(ranges []PortRange) []PortRange {
	sort.Slice(ranges, func(i, j int) bool { return ranges[i].First < ranges[j].First })
	var result []PortRange
	for _, next := range ranges {
		if last := len(result) - 1; last >= 0 && int(next.First) <= int(result[last].Last)+1 {
			result[last].Last = max(result[last].Last, next.Last)
		} else {
			result = append(result, next)
		}
	}
	return result
}

// whereIs finds all pods that have a port of this name. Who is talked to decides what a name means, in both directions.
func (c *compiler) whereIs(named NamedPort) []netip.AddrPort {
	var found []netip.AddrPort
	for _, pod := range c.pods {
		for _, number := range pod.namedPorts()[named] {
			for _, ip := range pod.ips {
				found = append(found, netip.AddrPortFrom(ip, number))
			}
		}
	}
	return found
}
