package main

import (
	"fmt"
	"net/netip"
	"testing"
)

// A cluster of two nodes. Addresses end in what the tables call a pod.
const (
	web, client, other, remote, foreign, host, ended = 1, 2, 3, 4, 5, 6, 7
	outside                                          = 200
)

func at(number int) netip.Addr { return netip.MustParseAddr(fmt.Sprintf("10.42.0.%d", number)) }

func testCluster(t *testing.T, policies ...string) Cluster {
	t.Helper()
	cluster := Cluster{Node: "here", Namespaces: map[string]*Namespace{}}
	for _, text := range []string{`{"metadata": {"name": "shop", "labels": {"team": "shop"}}}`, `{"metadata": {"name": "partner", "labels": {"team": "partner"}}}`} {
		namespace := parse[Namespace](t, text)
		cluster.Namespaces[namespace.Metadata.Name] = &namespace
	}
	pod := func(number int, namespace, name, node, app, more string) {
		pod := parse[Pod](t, fmt.Sprintf(`{"metadata": {"namespace": %q, "name": %q, "uid": "uid-%s", "labels": {"app": %q}}}`, namespace, name, name, app))
		pod.Spec.NodeName, pod.Status.PodIP = node, at(number).String()
		spec := parse[Pod](t, more)
		pod.Spec.HostNetwork, pod.Spec.Containers, pod.Spec.InitContainers, pod.Status.Phase = spec.Spec.HostNetwork, spec.Spec.Containers, spec.Spec.InitContainers, spec.Status.Phase
		cluster.Pods = append(cluster.Pods, &pod)
	}
	pod(web, "shop", "web", "here", "web", `{"spec": {"containers": [{"ports": [{"name": "http", "containerPort": 80}, {"name": "voice", "containerPort": 53, "protocol": "UDP"}]}],
		"initContainers": [{"ports": [{"name": "early", "containerPort": 1}]}, {"restartPolicy": "Always", "ports": [{"name": "side", "containerPort": 9000}]}]}}`)
	pod(client, "shop", "client", "here", "client", `{}`)
	pod(other, "shop", "other", "here", "other", `{}`)
	pod(remote, "shop", "remote", "there", "client", `{"spec": {"containers": [{"ports": [{"name": "http", "containerPort": 8080}]}]}}`)
	pod(foreign, "partner", "foreign", "here", "client", `{}`)
	pod(host, "shop", "host", "here", "client", `{"spec": {"hostNetwork": true}}`)
	pod(ended, "shop", "ended", "here", "client", `{"status": {"phase": "Succeeded"}}`)
	for index, spec := range policies {
		policy := parse[Policy](t, fmt.Sprintf(`{"metadata": {"namespace": "shop", "name": "policy-%d"}, "spec": %s}`, index, spec))
		cluster.Policies = append(cluster.Policies, &policy)
	}
	return cluster
}

// Allows says what a ruleset means for the first packet of a connection.
func (r Ruleset) Allows(from, to netip.Addr, protocol Protocol, port uint16) bool {
	for _, chain := range []*Chain{r.Egress[from], r.Ingress[to]} {
		if chain == nil {
			continue
		}
		peer, allowed := from, false
		if chain.Direction == Egress {
			peer = to
		}
		for _, rule := range chain.Rules {
			allowed = allowed || (rule.hasPeer(peer) && rule.hasPort(r, to, protocol, port))
		}
		if !allowed {
			return false
		}
	}
	return true
}

func (rule Rule) hasPeer(ip netip.Addr) bool {
	if rule.Anyone || contains(rule.Pods, ip) {
		return true
	}
	for _, block := range rule.Blocks {
		inside := block.CIDR.Contains(ip)
		for _, except := range block.Except {
			inside = inside && !except.Contains(ip)
		}
		if inside {
			return true
		}
	}
	return false
}

func (rule Rule) hasPort(r Ruleset, to netip.Addr, protocol Protocol, port uint16) bool {
	if rule.AnyPort {
		return true
	}
	for _, span := range rule.Ranges[protocol] {
		if span.First <= port && port <= span.Last {
			return true
		}
	}
	for _, named := range rule.Named {
		if named.Protocol == protocol && contains(r.NamedPorts[named], netip.AddrPortFrom(to, port)) {
			return true
		}
	}
	return false
}

type probe struct {
	from, to int
	protocol Protocol
	port     uint16
	allowed  bool
}

const (
	yes, no = true, false
	toWeb   = `{"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": [%s]}`
)

func TestCompile(t *testing.T) {
	rule := func(text string) []string { return []string{fmt.Sprintf(toWeb, text)} }
	for _, row := range []struct {
		title    string
		policies []string
		probes   []probe
	}{
		{"no policy", nil, []probe{{client, web, "tcp", 80, yes}}},
		{"default deny of ingress isolates pods of this node alone", []string{`{"podSelector": {}, "policyTypes": ["Ingress"]}`},
			[]probe{{client, web, "tcp", 80, no}, {foreign, client, "tcp", 80, no}, {web, foreign, "tcp", 80, yes}, {web, remote, "tcp", 80, yes}, {web, host, "tcp", 80, yes}, {web, ended, "tcp", 80, yes}}},
		{"default deny of egress", []string{`{"podSelector": {}, "policyTypes": ["Egress"]}`},
			[]probe{{client, web, "tcp", 80, no}, {client, outside, "udp", 53, no}, {foreign, web, "tcp", 80, yes}, {host, web, "tcp", 80, yes}, {remote, web, "tcp", 80, yes}}},
		{"a peer by label is of the policy's namespace, on any node, with an address of its own", rule(`{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}]}`),
			[]probe{{client, web, "tcp", 80, yes}, {remote, web, "udp", 9, yes}, {foreign, web, "tcp", 80, no}, {other, web, "tcp", 80, no}, {host, web, "tcp", 80, no}, {ended, web, "tcp", 80, no}}},
		{"an empty pod selector is every pod of the namespace", rule(`{"from": [{"podSelector": {}}]}`),
			[]probe{{other, web, "tcp", 80, yes}, {foreign, web, "tcp", 80, no}, {outside, web, "tcp", 80, no}}},
		{"namespace", rule(`{"from": [{"namespaceSelector": {"matchLabels": {"team": "partner"}}}]}`),
			[]probe{{foreign, web, "tcp", 80, yes}, {client, web, "tcp", 80, no}}},
		{"namespace and pod in one peer", rule(`{"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "other"}}}]}`),
			[]probe{{other, web, "tcp", 80, yes}, {foreign, web, "tcp", 80, no}, {client, web, "tcp", 80, no}}},
		{"namespace and pod as two peers", rule(`{"from": [{"namespaceSelector": {"matchLabels": {"team": "partner"}}}, {"podSelector": {"matchLabels": {"app": "other"}}}]}`),
			[]probe{{other, web, "tcp", 80, yes}, {foreign, web, "tcp", 80, yes}, {client, web, "tcp", 80, no}}},
		{"a peer that says nothing is nobody", rule(`{"from": [{}]}`), []probe{{client, web, "tcp", 80, no}}},
		{"ports by number and range, that overlap", rule(`{"ports": [{"port": 80}, {"port": 8000, "endPort": 8010}, {"port": 8005, "endPort": 8020}, {"port": 8021}]}`),
			[]probe{{client, web, "tcp", 80, yes}, {client, web, "tcp", 8021, yes}, {client, web, "tcp", 8022, no}, {client, web, "udp", 80, no}, {client, web, "tcp", 81, no}}},
		{"a port by name", rule(`{"ports": [{"port": "http"}, {"port": "voice", "protocol": "UDP"}, {"port": "side"}, {"port": "early"}]}`),
			[]probe{{client, web, "tcp", 80, yes}, {client, web, "udp", 53, yes}, {client, web, "tcp", 53, no}, {client, web, "tcp", 9000, yes}, {client, web, "tcp", 1, no}}},
		{"a port by name is what it is in the pod talked to", []string{`{"podSelector": {"matchLabels": {"app": "client"}}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": "http"}]}]}`},
			[]probe{{client, web, "tcp", 80, yes}, {client, remote, "tcp", 8080, yes}, {client, remote, "tcp", 80, no}, {client, web, "tcp", 8080, no}}},
		{"a protocol alone", rule(`{"ports": [{"protocol": "UDP"}]}`), []probe{{client, web, "udp", 9, yes}, {client, web, "tcp", 9, no}}},
		{"a block with exceptions, one within the other, and one of the other family", rule(`{"from": [{"ipBlock": {"cidr": "10.42.0.9/24", "except": ["10.42.0.2/31", "10.42.0.2/32", "fd00::/8"]}}, {"ipBlock": {"cidr": "::/0"}}]}`),
			[]probe{{foreign, web, "tcp", 80, yes}, {outside, web, "tcp", 80, yes}, {client, web, "tcp", 80, no}, {other, web, "tcp", 80, no}}},
		{"several policies", append(rule(`{"from": [{"podSelector": {"matchLabels": {"app": "other"}}}]}`), `{"podSelector": {}, "policyTypes": ["Ingress"]}`, fmt.Sprintf(toWeb, `{"ports": [{"port": 443}]}`)),
			[]probe{{other, web, "tcp", 80, yes}, {client, web, "tcp", 443, yes}, {client, web, "tcp", 80, no}, {web, other, "tcp", 80, no}}},
		{"an empty rule allows all", rule(`{}`), []probe{{outside, web, "udp", 1, yes}}},
		{"no types, egress rules: both directions", []string{`{"podSelector": {}, "egress": [{"ports": [{"port": 80}]}]}`},
			[]probe{{client, outside, "tcp", 80, yes}, {client, outside, "tcp", 81, no}, {foreign, web, "tcp", 80, no}}},
		{"no types, no egress rules: ingress alone", []string{`{"podSelector": {}, "ingress": [], "egress": []}`},
			[]probe{{client, outside, "tcp", 81, yes}, {foreign, web, "tcp", 80, no}}},
		{"a name that is none is left out", rule(`{"ports": [{"port": "a } drop"}, {"protocol": "ICMP", "port": 1}]}`), []probe{{client, web, "tcp", 80, no}}},
	} {
		t.Run(row.title, func(t *testing.T) {
			rules := Compile(testCluster(t, row.policies...))
			for _, p := range row.probes {
				if rules.Allows(at(p.from), at(p.to), p.protocol, p.port) != p.allowed {
					t.Errorf("%v should be allowed: %v", p, p.allowed)
				}
			}
		})
	}
}

// What the node itself says of a pod's address goes before what its status says.
func TestCompileAttachments(t *testing.T) {
	cluster := testCluster(t, fmt.Sprintf(toWeb, `{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}]}`))
	cluster.Pods[client-1].Status.PodIP = ""
	cluster.Pods[web-1].Metadata.Annotations = map[string]string{mirrorAnnotation: "of-the-file"}
	cluster.Attached = []Attachment{
		{Namespace: "shop", Name: "client", UID: "uid-client", IPs: []netip.Addr{at(20)}},
		{Namespace: "shop", Name: "web", UID: "of-the-file", IPs: []netip.Addr{at(21)}},
		{Namespace: "shop", Name: "other", UID: "another", IPs: []netip.Addr{at(22)}},
		{Namespace: "shop", Name: "gone", UID: "gone", IPs: []netip.Addr{at(remote)}},
	}
	rules := Compile(cluster)
	for _, p := range []probe{{20, 21, "tcp", 80, yes}, {other, 21, "tcp", 80, no}, {22, 21, "tcp", 80, no}, {remote, 21, "tcp", 80, no}, {other, web, "tcp", 80, yes}} {
		if rules.Allows(at(p.from), at(p.to), p.protocol, p.port) != p.allowed {
			t.Errorf("%v should be allowed: %v", p, p.allowed)
		}
	}
}

func TestCompileSharesChainsAndRepeatsItself(t *testing.T) {
	cluster := testCluster(t, `{"podSelector": {}, "policyTypes": ["Ingress"]}`, fmt.Sprintf(toWeb, `{"from": [{"podSelector": {}}]}`))
	first := Render(Compile(cluster))
	if rules := Compile(cluster); len(rules.Chains) != 2 || rules.Ingress[at(client)] != rules.Ingress[at(other)] {
		t.Errorf("client and other should share a chain")
	}
	for i, j := 0, len(cluster.Pods)-1; i < j; i, j = i+1, j-1 {
		cluster.Pods[i], cluster.Pods[j] = cluster.Pods[j], cluster.Pods[i]
	}
	if Render(Compile(cluster)) != first {
		t.Errorf("the order of objects should not matter")
	}
}
