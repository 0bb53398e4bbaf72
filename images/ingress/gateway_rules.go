package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// servedRule is what becomes of a request that one of its matches fits.
type servedRule struct {
	matches         []*matcher
	request, answer []headerChange
	redirect        *redirectFilter
	rewrite         *rewriteFilter
	timeout         time.Duration
	destinations    []destination
}

// destination is a backend with its share of the requests. One that cannot be led to has its share too: those requests fail.
type destination struct {
	weight          int
	broken          bool
	addresses       []string
	request, answer []headerChange
}

// rule makes one of a route's. An error says what of it is not supported: it is then not served at all.
func (c gatewayCluster) rule(of *routed, rule routeRule) (*servedRule, error) {
	made := &servedRule{}
	var problems []error
	matches := rule.Matches
	if len(matches) == 0 {
		matches = []routeMatch{{}}
	}
	for _, match := range matches {
		matches, err := matcherOf(match)
		made.matches = append(made.matches, matches)
		problems = append(problems, err)
	}
	for _, filter := range rule.Filters {
		switch filter.Type {
		case "RequestHeaderModifier":
			made.request = append(made.request, filter.RequestHeaders)
		case "ResponseHeaderModifier":
			made.answer = append(made.answer, filter.ResponseHeaders)
		case "RequestRedirect":
			made.redirect = &filter.Redirect
		case "URLRewrite":
			made.rewrite = &filter.Rewrite
		default:
			problems = append(problems, fmt.Errorf("filter %s is not supported", filter.Type))
		}
	}
	if len(rule.Retry) > 0 {
		problems = append(problems, errors.New("retry is not supported"))
	}
	for _, text := range rule.Timeouts {
		limit, err := time.ParseDuration(text)
		problems = append(problems, err)
		if limit > 0 && (made.timeout == 0 || limit < made.timeout) {
			made.timeout = limit
		}
	}
	for _, backend := range rule.Backends {
		leads, err := c.destination(of, backend)
		made.destinations = append(made.destinations, leads)
		problems = append(problems, err)
	}
	return made, errors.Join(problems...)
}

func (c gatewayCluster) destination(of *routed, ref routeBackend) (destination, error) {
	made := destination{weight: 1}
	if ref.Weight != nil {
		made.weight = *ref.Weight
	}
	for _, filter := range ref.Filters {
		switch filter.Type {
		case "RequestHeaderModifier":
			made.request = append(made.request, filter.RequestHeaders)
		case "ResponseHeaderModifier":
			made.answer = append(made.answer, filter.ResponseHeaders)
		default:
			return made, fmt.Errorf("filter %s of a backend is not supported", filter.Type)
		}
	}
	if problem := c.unresolved(of.of.Metadata.Namespace, ref); problem != nil {
		made.broken = true
		if of.resolved.holds {
			of.resolved = *problem
		} else {
			of.resolved.message += "; " + problem.message
		}
		return made, nil
	}
	made.addresses = c.addresses(ref.in(of.of.Metadata.Namespace), ref.Name, portRef{Number: ref.Port})
	return made, nil
}

func (r routeBackend) in(namespace string) string {
	if r.Namespace != nil {
		return *r.Namespace
	}
	return namespace
}

// unresolved says what is wrong with a reference, or nil.
func (c gatewayCluster) unresolved(namespace string, ref routeBackend) *verdict {
	if ref.Group != "" || ref.Kind != "" && ref.Kind != "Service" {
		found := no("InvalidKind", "Backend %s %s: only services can be led to", ref.Kind, ref.Name)
		return &found
	}
	in := ref.in(namespace)
	if !c.permits(objectRef{Group: gatewayGroup, Kind: "HTTPRoute", Namespace: &namespace}, objectRef{Kind: "Service", Namespace: &in, Name: ref.Name}) {
		found := no("RefNotPermitted", "No ReferenceGrant of namespace %s lets HTTPRoutes of namespace %s lead to service %s", in, namespace, ref.Name)
		return &found
	}
	port := c.port(in, ref.Name, portRef{Number: ref.Port})
	if port == nil {
		found := no("BackendNotFound", "Service %s/%s with port %d is not there", in, ref.Name, ref.Port)
		return &found
	}
	if slices.Contains([]string{"https", "kubernetes.io/h2c", "kubernetes.io/wss"}, port.Protocol) {
		found := no("UnsupportedProtocol", "Service %s/%s: appProtocol %s is not supported", in, ref.Name, port.Protocol)
		return &found
	}
	return nil
}

// pick is a destination by chance, each as often as its weight says; nil where there is none.
func (r *servedRule) pick() *destination {
	total := 0
	for _, one := range r.destinations {
		total += one.weight
	}
	if total == 0 {
		return nil
	}
	at := rand.IntN(total)
	for index := range r.destinations {
		if at -= r.destinations[index].weight; at < 0 {
			return &r.destinations[index]
		}
	}
	return nil
}
