package main

import (
	"crypto/tls"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// gatewayTable is all that requests are answered by: what each open port leads to. Made anew at each look.
type gatewayTable map[int]*portTable

type portTable struct {
	secure bool
	// By the hostname of the listeners: a request is a matter of the one that fits best, and of no other.
	groups map[string]*listenerGroup
}

// listenerGroup are the listeners of one port with one hostname, whichever Gateway they are of.
type listenerGroup struct {
	certificates []*tls.Certificate
	entries      []entry
}

// entry leads requests that match to what a rule says.
type entry struct {
	host    string
	matches *matcher
	rule    *servedRule
}

// attachment is a route at a Gateway: for which hosts at which listeners, and what becomes of it.
type attachment struct {
	parent   parentRef
	accepted verdict
	at       []*listener
	hosts    map[*listener][]string
}

// attach finds the listeners of each parent of a route that is a Gateway of ours.
func (c gatewayCluster) attach(one routed, gateways []*gateway, all []*listener) []attachment {
	route := one.of
	var found []attachment
	for _, parent := range route.Spec.Parents {
		in := route.Metadata.Namespace
		if parent.Namespace != nil {
			in = *parent.Namespace
		}
		if parent.Kind != nil && *parent.Kind != "Gateway" || parent.Group != nil && *parent.Group != gatewayGroup {
			continue
		}
		at := slices.IndexFunc(gateways, func(one *gateway) bool { return one.Metadata.Namespace == in && one.Metadata.Name == parent.Name })
		if at < 0 {
			continue
		}
		made := attachment{parent: parent, hosts: map[*listener][]string{},
			accepted: no("NoMatchingParent", "Gateway %s/%s has no such listener", in, parent.Name)}
		for _, to := range all {
			if to.of != gateways[at] || parent.Section != nil && *parent.Section != to.spec.Name || parent.Port != nil && *parent.Port != to.spec.Port {
				continue
			}
			switch hosts := shared(strings.ToLower(to.spec.Hostname), route.Spec.Hostnames); {
			case !c.admits(to, route.Metadata.Namespace) || len(to.kinds) == 0:
				if made.accepted.reason == "NoMatchingParent" {
					made.accepted = no("NotAllowedByListeners", "No listener of Gateway %s/%s admits HTTPRoutes of namespace %s", in, parent.Name, route.Metadata.Namespace)
				}
			case len(hosts) == 0:
				if !made.accepted.holds {
					made.accepted = no("NoMatchingListenerHostname", "No listener that admits the route has one of its hostnames")
				}
			default:
				made.accepted = yes("Accepted")
				made.at = append(made.at, to)
				made.hosts[to] = hosts
				if !one.wholly {
					to.attached++
				}
			}
		}
		found = append(found, made)
	}
	return found
}

// routed is a route with what became of it.
type routed struct {
	of       *httpRoute
	at       []attachment
	resolved verdict
	// dropped says which rules are not served, and why; wholly, where there is no other.
	dropped string
	wholly  bool
}

// tableOf reads what Gateways lead to. Routes are told of in the order in which they come first.
func (c gatewayCluster) tableOf(gateways []*gateway, all []*listener) (gatewayTable, []routed) {
	table := gatewayTable{}
	for _, one := range all {
		if !one.served() {
			continue
		}
		port := table[one.spec.Port]
		if port == nil {
			port = &portTable{secure: one.spec.Protocol == "HTTPS", groups: map[string]*listenerGroup{}}
			table[one.spec.Port] = port
		}
		host := strings.ToLower(one.spec.Hostname)
		if port.groups[host] == nil {
			port.groups[host] = &listenerGroup{}
		}
		port.groups[host].certificates = append(port.groups[host].certificates, one.certificates...)
	}
	sort.SliceStable(c.routes, func(a, b int) bool { return older(c.routes[a].Metadata, c.routes[b].Metadata) })
	var told []routed
	for index := range c.routes {
		made := routed{of: &c.routes[index], resolved: yes("ResolvedRefs")}
		rules := c.rules(&made)
		made.at = c.attach(made, gateways, all)
		for _, place := range made.at {
			for _, at := range place.at {
				if at.served() {
					group := table[at.spec.Port].groups[strings.ToLower(at.spec.Hostname)]
					group.entries = append(group.entries, entriesOf(rules, place.hosts[at])...)
				}
			}
		}
		told = append(told, made)
	}
	for _, port := range table {
		for _, group := range port.groups {
			sort.SliceStable(group.entries, func(a, b int) bool { return group.entries[a].before(group.entries[b]) })
		}
	}
	return table, told
}

func entriesOf(rules []*servedRule, hosts []string) (made []entry) {
	for _, rule := range rules {
		for _, matches := range rule.matches {
			for _, host := range hosts {
				made = append(made, entry{host, matches, rule})
			}
		}
	}
	return made
}

func (e entry) before(other entry) bool {
	if e.host != other.host && (narrower(e.host, other.host) || narrower(other.host, e.host)) {
		return narrower(e.host, other.host)
	}
	return e.matches.before(other.matches)
}

// rules of a route that can be served.
func (c gatewayCluster) rules(of *routed) (served []*servedRule) {
	var dropped []string
	for index, rule := range of.of.Spec.Rules {
		made, err := c.rule(of, rule)
		if err != nil {
			dropped = append(dropped, fmt.Sprintf("%d (%s)", index, strings.ReplaceAll(err.Error(), "\n", "; ")))
			continue
		}
		served = append(served, made)
	}
	if len(dropped) > 0 {
		of.dropped = "Dropped Rule " + strings.Join(dropped, ", ")
		of.wholly = len(served) == 0
	}
	return served
}

// group is that of the listeners which a host is a matter of, or nil.
func (p *portTable) group(host string) *listenerGroup {
	best, found := "", (*listenerGroup)(nil)
	for pattern, one := range p.groups {
		if hostFits(pattern, host) && (found == nil || narrower(pattern, best)) {
			best, found = pattern, one
		}
	}
	return found
}
