package main

import (
	"encoding/json"
	"net/netip"
)

// The parts of Kubernetes' objects that policies are about, as the API writes them.

type meta struct {
	Namespace       string            `json:"namespace"`
	Name            string            `json:"name"`
	UID             string            `json:"uid"`
	ResourceVersion string            `json:"resourceVersion"`
	Labels          map[string]string `json:"labels"`
	Annotations     map[string]string `json:"annotations"`
}

// Namespace of the API, v1.
type Namespace struct {
	Metadata meta `json:"metadata"`
}

// Pod of the API, v1.
type Pod struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		NodeName       string      `json:"nodeName"`
		HostNetwork    bool        `json:"hostNetwork"`
		Containers     []container `json:"containers"`
		InitContainers []container `json:"initContainers"`
	} `json:"spec"`
	Status struct {
		Phase  string  `json:"phase"`
		PodIP  string  `json:"podIP"`
		PodIPs []podIP `json:"podIPs"`
	} `json:"status"`
}

type podIP struct {
	IP string `json:"ip"`
}

type container struct {
	RestartPolicy string `json:"restartPolicy"`
	Ports         []struct {
		Name          string `json:"name"`
		ContainerPort uint16 `json:"containerPort"`
		Protocol      string `json:"protocol"`
	} `json:"ports"`
}

// mirrorAnnotation holds the UID under which the kubelet itself knows a static pod; the API gives its mirror another one.
const mirrorAnnotation = "kubernetes.io/config.mirror"

// is says whether the kubelet calls the pod by this UID.
func (p *Pod) is(uid string) bool {
	return uid == "" || uid == p.Metadata.UID || uid == p.Metadata.Annotations[mirrorAnnotation]
}

// addresses are those that its status tells, IPv4 only: nodes of ours have no other.
func (p *Pod) addresses() []netip.Addr {
	var found []netip.Addr
	for _, entry := range append([]podIP{{p.Status.PodIP}}, p.Status.PodIPs...) {
		if address, err := netip.ParseAddr(entry.IP); err == nil && address.Is4() && !contains(found, address) {
			found = append(found, address)
		}
	}
	return found
}

// hasNetwork says whether policies apply to it: a pod in its node's network is the node, and one that ended has given its address back.
func (p *Pod) hasNetwork() bool {
	return !p.Spec.HostNetwork && p.Status.Phase != "Succeeded" && p.Status.Phase != "Failed"
}

// ports of what runs beside each other in it: containers, and init containers that stay.
func (p *Pod) namedPorts() map[NamedPort][]uint16 {
	running := p.Spec.Containers
	for _, init := range p.Spec.InitContainers {
		if init.RestartPolicy == "Always" {
			running = append(running[:len(running):len(running)], init)
		}
	}
	named := map[NamedPort][]uint16{}
	for _, container := range running {
		for _, port := range container.Ports {
			protocol, known := protocolOf(port.Protocol)
			if key := (NamedPort{protocol, port.Name}); port.Name != "" && known && !contains(named[key], port.ContainerPort) {
				named[key] = append(named[key], port.ContainerPort)
			}
		}
	}
	return named
}

// Policy is a NetworkPolicy of the API, networking.k8s.io/v1.
type Policy struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		PodSelector Selector      `json:"podSelector"`
		PolicyTypes []string      `json:"policyTypes"`
		Ingress     []policyRules `json:"ingress"`
		Egress      []policyRules `json:"egress"`
	} `json:"spec"`
}

// policyRules is a rule of either direction; the other's field stays empty.
type policyRules struct {
	From  []peer       `json:"from"`
	To    []peer       `json:"to"`
	Ports []policyPort `json:"ports"`
}

type peer struct {
	PodSelector       *Selector `json:"podSelector"`
	NamespaceSelector *Selector `json:"namespaceSelector"`
	IPBlock           *ipBlock  `json:"ipBlock"`
}

type ipBlock struct {
	CIDR   string   `json:"cidr"`
	Except []string `json:"except"`
}

type policyPort struct {
	Protocol string          `json:"protocol"`
	Port     json.RawMessage `json:"port"`
	EndPort  uint16          `json:"endPort"`
}

// governs says whether the policy isolates the pods it selects in this direction. Where it names no types it governs ingress, and
// egress if it has a rule for it.
func (p *Policy) governs(direction Direction) bool {
	if len(p.Spec.PolicyTypes) == 0 {
		return direction == Ingress || len(p.Spec.Egress) > 0
	}
	return contains(p.Spec.PolicyTypes, string(direction))
}

func contains[T comparable](list []T, wanted T) bool {
	for _, entry := range list {
		if entry == wanted {
			return true
		}
	}
	return false
}
