package main

import (
	"crypto/tls"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// verdict is what a condition says.
type verdict struct {
	holds           bool
	reason, message string
}

func yes(reason string) verdict { return verdict{true, reason, ""} }

func no(reason, message string, values ...any) verdict {
	return verdict{false, reason, fmt.Sprintf(message, values...)}
}

// listener is one of a Gateway's, and what speaks against it.
type listener struct {
	of                             *gateway
	spec                           listenerSpec
	accepted, resolved, conflicted verdict
	kinds                          []routeKind
	certificates                   []*tls.Certificate
	attached                       int
}

// served is whether requests are answered by what it leads to.
func (l *listener) served() bool {
	return l.accepted.holds && !l.conflicted.holds && (l.spec.Protocol == "HTTP" || len(l.certificates) > 0)
}

// listeners of all Gateways of a class of this controller, the oldest Gateway's first: it is the one that keeps a port two ask for. `failures`
// are ports that could not be opened, and why.
func (c gatewayCluster) listeners(failures map[int]string) (mine []*gateway, all []*listener) {
	for index := range c.gateways {
		if c.serves(c.gateways[index].Spec.Class) {
			mine = append(mine, &c.gateways[index])
		}
	}
	sort.SliceStable(mine, func(a, b int) bool { return older(mine[a].Metadata, mine[b].Metadata) })
	taken := map[int]*listener{}
	for _, of := range mine {
		if refused := c.refusal(of); refused != nil {
			continue
		}
		for _, spec := range of.Spec.Listeners {
			made := c.listener(of, spec)
			all = append(all, made)
			switch first := taken[spec.Port]; {
			case !made.accepted.holds:
			case first == nil:
				taken[spec.Port] = made
			case first.spec.Protocol != spec.Protocol:
				made.conflicted = verdict{true, "ProtocolConflict", fmt.Sprintf("Gateway %s/%s answers %s at port %d",
					first.of.Metadata.Namespace, first.of.Metadata.Name, first.spec.Protocol, spec.Port)}
			}
			if problem := failures[spec.Port]; made.accepted.holds && problem != "" {
				made.accepted = no("PortUnavailable", "Port %d: %s", spec.Port, problem)
			}
		}
	}
	return mine, all
}

// serves is whether a class is this controller's, and accepted.
func (c gatewayCluster) serves(class string) bool {
	return slices.ContainsFunc(c.gatewayClasses, func(one gatewayClass) bool {
		return one.Metadata.Name == class && one.Spec.Controller == gatewayController && len(one.Spec.Parameters) == 0
	})
}

// refusal is what makes a Gateway as a whole one that is not served, or nil.
func (c gatewayCluster) refusal(of *gateway) *verdict {
	var found verdict
	switch {
	case len(of.Spec.Infrastructure.Parameters) > 0:
		found = no("InvalidParameters", "infrastructure.parametersRef is not supported")
	case len(of.Spec.Addresses) > 0:
		found = no("UnsupportedAddress", "The address of a Gateway is its node's; spec.addresses is not supported")
	case len(of.Spec.TLS) > 0:
		found = no("Invalid", "spec.tls is not supported")
	default:
		return nil
	}
	return &found
}

func (c gatewayCluster) listener(of *gateway, spec listenerSpec) *listener {
	made := &listener{of: of, spec: spec, accepted: yes("Accepted"), resolved: yes("ResolvedRefs"), conflicted: no("NoConflicts", "")}
	if spec.Protocol != "HTTP" && spec.Protocol != "HTTPS" {
		made.accepted = no("UnsupportedProtocol", "Protocol %s is not supported; HTTP and HTTPS are", spec.Protocol)
		made.kinds = []routeKind{}
		return made
	}
	if owner := c.nodePort(spec.Port); owner != "" {
		made.accepted = no("PortUnavailable", "Port %d of the nodes belongs to service %s", spec.Port, owner)
	}
	route := routeKind{gatewayGroup, "HTTPRoute"}
	made.kinds = []routeKind{route}
	for _, kind := range spec.Allowed.Kinds {
		if kind.Group == "" {
			kind.Group = gatewayGroup
		}
		if kind != route {
			made.resolved = no("InvalidRouteKinds", "Routes of kind %s/%s are not supported", kind.Group, kind.Kind)
			if !slices.ContainsFunc(spec.Allowed.Kinds, func(one routeKind) bool { return one.Kind == route.Kind }) {
				made.kinds = []routeKind{}
			}
		}
	}
	if spec.Protocol == "HTTPS" {
		c.secure(made)
	}
	return made
}

// nodePort names the service that has a port of all nodes, or nothing.
func (c gatewayCluster) nodePort(port int) string {
	for _, one := range c.services {
		for _, entry := range one.Spec.Ports {
			if entry.NodePort == port {
				return one.Metadata.Namespace + "/" + one.Metadata.Name
			}
		}
	}
	return ""
}

// secure finds a listener's certificates. The first problem is told, and those that can be used are.
func (c gatewayCluster) secure(made *listener) {
	bad := func(problem verdict) {
		if made.resolved.holds {
			made.resolved = problem
		}
	}
	if made.spec.TLS == nil || made.spec.TLS.Mode == "Passthrough" || len(made.spec.TLS.Certificates) == 0 {
		bad(no("InvalidCertificateRef", "HTTPS needs tls.mode Terminate and tls.certificateRefs"))
		return
	}
	from := objectRef{Group: gatewayGroup, Kind: "Gateway", Namespace: &made.of.Metadata.Namespace}
	for _, ref := range made.spec.TLS.Certificates {
		if ref.Group != "" || ref.Kind != "" && ref.Kind != "Secret" {
			bad(no("InvalidCertificateRef", "Certificates are read from secrets, not from %s %s", ref.Kind, ref.Name))
			continue
		}
		in := made.of.Metadata.Namespace
		if ref.Namespace != nil {
			in = *ref.Namespace
		}
		if !c.permits(from, objectRef{Kind: "Secret", Namespace: &in, Name: ref.Name}) {
			bad(no("RefNotPermitted", "No ReferenceGrant of namespace %s lets Gateways of namespace %s use secret %s", in, *from.Namespace, ref.Name))
			continue
		}
		certificate, err := c.certificate(in, ref.Name)
		if err != nil {
			bad(no("InvalidCertificateRef", "Namespace %s: %s", in, err))
			continue
		}
		made.certificates = append(made.certificates, certificate)
	}
}

// permits is whether an object may name one of another namespace.
func (c gatewayCluster) permits(from, to objectRef) bool {
	if *from.Namespace == *to.Namespace {
		return true
	}
	return slices.ContainsFunc(c.grants, func(grant referenceGrant) bool {
		return grant.Metadata.Namespace == *to.Namespace &&
			slices.ContainsFunc(grant.Spec.From, func(one objectRef) bool {
				return one.Group == from.Group && one.Kind == from.Kind && one.Namespace != nil && *one.Namespace == *from.Namespace
			}) &&
			slices.ContainsFunc(grant.Spec.To, func(one objectRef) bool {
				return one.Group == to.Group && one.Kind == to.Kind && (one.Name == "" || one.Name == to.Name)
			})
	})
}

// admits is whether routes of a namespace may attach.
func (c gatewayCluster) admits(to *listener, from string) bool {
	switch to.spec.Allowed.Namespaces.From {
	case "All":
		return true
	case "None":
		return false
	case "Selector":
		return slices.ContainsFunc(c.namespaces, func(one namespace) bool {
			return one.Metadata.Name == from && to.spec.Allowed.Namespaces.Selector.selects(one.Metadata.Labels)
		})
	}
	return from == to.of.Metadata.Namespace
}

func (s selector) selects(labels map[string]string) bool {
	for key, value := range s.Labels {
		if found, there := labels[key]; !there || found != value {
			return false
		}
	}
	for _, one := range s.Expressions {
		value, there := labels[one.Key]
		fits := map[string]bool{
			"In": there && slices.Contains(one.Values, value), "NotIn": !there || !slices.Contains(one.Values, value),
			"Exists": there, "DoesNotExist": !there,
		}
		if !fits[one.Operator] {
			return false
		}
	}
	return true
}

// older is who comes first where two ask for the same.
func older(one, other meta) bool {
	if one.Created != other.Created {
		return one.Created < other.Created
	}
	return strings.Compare(one.Namespace+"/"+one.Name, other.Namespace+"/"+other.Name) < 0
}
