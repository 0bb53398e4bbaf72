package main

import "testing"

func TestRender(t *testing.T) {
	cluster := testCluster(t,
		`{"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress", "Egress"],
			"ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}, {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "10.1.2.0/24"]}}],
				"ports": [{"port": 80}, {"port": 8000, "endPort": 8010}, {"port": "voice", "protocol": "UDP"}]}],
			"egress": [{"ports": [{"protocol": "UDP"}]}, {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443}]},
				{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["0.0.0.0/0"]}}]}]}`)
	const want = `table ip ckx-netpol
delete table ip ckx-netpol
table ip ckx-netpol {
  set port-udp-voice {
    type ipv4_addr . inet_service
    elements = { 10.42.0.1 . 53 }
  }
  set pods-0 {
    type ipv4_addr
    elements = { 10.42.0.2, 10.42.0.4 }
  }
  chain ingress-0 {
    ip saddr @pods-0 tcp dport { 80, 8000-8010 } return comment "shop/policy-0 ingress 0"
    ip saddr @pods-0 ip daddr . udp dport @port-udp-voice return comment "shop/policy-0 ingress 0"
    ip saddr 10.0.0.0/8 ip saddr != 10.1.0.0/16 ip saddr != 10.1.2.0/24 tcp dport { 80, 8000-8010 } return comment "shop/policy-0 ingress 0"
    ip saddr 10.0.0.0/8 ip saddr != 10.1.0.0/16 ip saddr != 10.1.2.0/24 ip daddr . udp dport @port-udp-voice return comment "shop/policy-0 ingress 0"
    drop
  }
  chain egress-1 {
    meta l4proto udp return comment "shop/policy-0 egress 0"
    tcp dport { 443 } return comment "shop/policy-0 egress 1"
    drop
  }
  set self {
    type ipv4_addr . ipv4_addr
    elements = { 10.42.0.1 . 10.42.0.1 }
  }
  map egress {
    type ipv4_addr : verdict
    elements = { 10.42.0.1 : jump egress-1 }
  }
  map ingress {
    type ipv4_addr : verdict
    elements = { 10.42.0.1 : jump ingress-0 }
  }
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ct state related accept
    ct direction reply accept
    ip saddr . ip daddr @self accept
    ip saddr vmap @egress
    ip daddr vmap @ingress
  }
}
`
	if got := Render(Compile(cluster)); got != want {
		t.Errorf("rendered:\n%s", got)
	}
}

// Where nobody is isolated no packet passes a chain of ours.
func TestRenderNothing(t *testing.T) {
	const want = "table ip ckx-netpol\ndelete table ip ckx-netpol\ntable ip ckx-netpol {\n}\n"
	if got := Render(Compile(testCluster(t))); got != want {
		t.Errorf("rendered:\n%s", got)
	}
}
