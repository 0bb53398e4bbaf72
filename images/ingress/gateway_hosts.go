package main

import "strings"

// hostFits is whether a host is one of a pattern: any where empty; `*.` stands for one label or more, unlike in an Ingress.
func hostFits(pattern, host string) bool {
	if suffix, wild := strings.CutPrefix(pattern, "*"); wild {
		return strings.HasSuffix(host, suffix) && len(host) > len(suffix)
	}
	return pattern == "" || pattern == host
}

// narrower is whether a pattern comes before another: names before wildcards before any, longer before shorter.
func narrower(one, other string) bool {
	if rank(one) != rank(other) {
		return rank(one) < rank(other)
	}
	return len(one) > len(other)
}

// shared are the hosts that a listener and a route both stand for; none where nothing of the route is the listener's.
func shared(listener string, route []string) []string {
	if len(route) == 0 {
		return []string{listener}
	}
	var both []string
	for _, host := range route {
		host = strings.ToLower(host)
		switch {
		case hostFits(listener, host):
			both = append(both, host)
		case strings.HasPrefix(host, "*.") && hostFits(host, listener):
			both = append(both, listener)
		}
	}
	return both
}
