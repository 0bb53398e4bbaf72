package main

import (
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

const (
	controller        = "ckx.local/ingress"
	defaultClass      = "ingressclass.kubernetes.io/is-default-class"
	oldClass          = "kubernetes.io/ingress.class"
	rewriteAnnotation = "nginx.ingress.kubernetes.io/rewrite-target"
	regexAnnotation   = "nginx.ingress.kubernetes.io/use-regex"
	redirects         = "nginx.ingress.kubernetes.io/ssl-redirect"
	serviceLabel      = "kubernetes.io/service-name"
)

// rule leads requests for a host (any where empty, `*.` for one label more) and a path to a service.
type rule struct {
	host, path string
	exact      bool
	pattern    *regexp.Regexp
	rewrite    string
	toTLS      bool
	addresses  []string
}

// table is all that requests are answered by; made anew at each change.
type table struct {
	rules        []rule
	certificates map[string]*tls.Certificate
	// mine are the ingresses that this controller serves.
	mine []ingress
}

// tableOf reads a cluster. Complaints are for the log: what is wrong in one object keeps nothing else from being served.
func tableOf(found cluster) (table, []error) {
	result := table{certificates: map[string]*tls.Certificate{}}
	var complaints []error
	classes := map[string]bool{}
	byDefault := false
	for _, class := range found.classes {
		if class.Spec.Controller == controller {
			classes[class.Metadata.Name] = true
			byDefault = byDefault || class.Metadata.Annotations[defaultClass] == "true"
		}
	}
	for _, one := range found.ingresses {
		class := one.Metadata.Annotations[oldClass]
		if one.Spec.Class != nil {
			class = *one.Spec.Class
		}
		if class == "" && !byDefault || class != "" && !classes[class] {
			continue
		}
		result.mine = append(result.mine, one)
		secured := map[string]bool{}
		for _, entry := range one.Spec.TLS {
			certificate, err := found.certificate(one.Metadata.Namespace, entry.Secret)
			if err != nil {
				complaints = append(complaints, fmt.Errorf("ingress %s/%s: %w", one.Metadata.Namespace, one.Metadata.Name, err))
			}
			for _, host := range entry.Hosts {
				secured[host] = true
				if certificate != nil {
					result.certificates[strings.ToLower(host)] = certificate
				}
			}
		}
		add := func(host string, entry path) {
			made, err := found.rule(one, host, entry)
			if err != nil {
				complaints = append(complaints, fmt.Errorf("ingress %s/%s: %w", one.Metadata.Namespace, one.Metadata.Name, err))
				return
			}
			made.toTLS = secured[host] && one.Metadata.Annotations[redirects] != "false"
			result.rules = append(result.rules, made)
		}
		for _, entry := range one.Spec.Rules {
			if entry.HTTP == nil {
				continue
			}
			for _, entryPath := range entry.HTTP.Paths {
				add(strings.ToLower(entry.Host), entryPath)
			}
		}
		if one.Spec.Default != nil {
			add("", path{Path: "/", Type: "Prefix", Backend: *one.Spec.Default})
		}
	}
	// The first that fits is taken: named hosts before wildcards before any, longer paths before shorter, exact ones before prefixes.
	sort.SliceStable(result.rules, func(a, b int) bool {
		one, other := result.rules[a], result.rules[b]
		if rank(one.host) != rank(other.host) {
			return rank(one.host) < rank(other.host)
		}
		if len(one.host) != len(other.host) {
			return len(one.host) > len(other.host)
		}
		if len(one.path) != len(other.path) {
			return len(one.path) > len(other.path)
		}
		return one.exact && !other.exact
	})
	return result, complaints
}

func rank(host string) int {
	switch {
	case host == "":
		return 2
	case strings.HasPrefix(host, "*."):
		return 1
	}
	return 0
}

func (c cluster) rule(of ingress, host string, entry path) (rule, error) {
	made := rule{host: host, path: entry.Path, exact: entry.Type == "Exact", rewrite: of.Metadata.Annotations[rewriteAnnotation]}
	if made.path == "" {
		made.path = "/"
	}
	if of.Metadata.Annotations[regexAnnotation] == "true" || strings.Contains(made.rewrite, "$") {
		pattern, err := regexp.Compile("(?i)^" + made.path)
		if err != nil {
			return made, err
		}
		made.pattern = pattern
	}
	if entry.Backend.Service == nil {
		return made, fmt.Errorf("path %s: only services can be led to", made.path)
	}
	made.addresses = c.addresses(of.Metadata.Namespace, entry.Backend.Service.Name, entry.Backend.Service.Port)
	return made, nil
}

// port of a service, or nil where the service or the port is not there.
func (c cluster) port(namespace, name string, wanted portRef) (found *servicePort) {
	for _, one := range c.services {
		if one.Metadata.Namespace != namespace || one.Metadata.Name != name {
			continue
		}
		for index, port := range one.Spec.Ports {
			if wanted.Name != "" && port.Name == wanted.Name || wanted.Number == port.Port && port.Port != 0 {
				found = &one.Spec.Ports[index]
			}
		}
	}
	return found
}

// addresses of the pods behind a service that take requests now.
func (c cluster) addresses(namespace, name string, wanted portRef) []string {
	known := c.port(namespace, name, wanted)
	var found []string
	for _, slice := range c.slices {
		if known == nil || slice.Metadata.Namespace != namespace || slice.Metadata.Labels[serviceLabel] != name {
			continue
		}
		for _, port := range slice.Ports {
			if port.Name != known.Name {
				continue
			}
			for _, endpoint := range slice.Endpoints {
				if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
					for _, address := range endpoint.Addresses {
						found = append(found, net.JoinHostPort(address, strconv.Itoa(port.Port)))
					}
				}
			}
		}
	}
	return found
}

func (c cluster) certificate(namespace, name string) (*tls.Certificate, error) {
	for _, one := range c.secrets {
		if one.Metadata.Namespace == namespace && one.Metadata.Name == name {
			pair, err := tls.X509KeyPair(one.Data.Certificate, one.Data.Key)
			if err != nil {
				return nil, fmt.Errorf("secret %s: %w", name, err)
			}
			return &pair, nil
		}
	}
	return nil, fmt.Errorf("secret %s is not there", name)
}

// find is the rule for a request, or nil.
func (t table) find(host, requested string) *rule {
	host = strings.ToLower(host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	for index := range t.rules {
		if one := &t.rules[index]; one.hosts(host) && one.paths(requested) {
			return one
		}
	}
	return nil
}

func (r *rule) hosts(host string) bool {
	if suffix, wild := strings.CutPrefix(r.host, "*"); wild {
		label, found := strings.CutSuffix(host, suffix)
		return found && label != "" && !strings.Contains(label, ".")
	}
	return r.host == "" || r.host == host
}

// paths compares by whole elements: /a leads /a and /a/b, not /ab.
func (r *rule) paths(requested string) bool {
	switch {
	case r.pattern != nil:
		return r.pattern.MatchString(requested)
	case r.exact:
		return requested == r.path
	}
	prefix := strings.TrimSuffix(r.path, "/")
	return requested == prefix || strings.HasPrefix(requested, prefix+"/")
}

// target is the path under which a pod is asked.
func (r *rule) target(requested string) string {
	switch {
	case r.rewrite == "":
		return requested
	case r.pattern == nil:
		return r.rewrite
	}
	match := r.pattern.FindStringSubmatchIndex(requested)
	return string(r.pattern.ExpandString(nil, regexp.MustCompile(`\$(\d+)`).ReplaceAllString(r.rewrite, "$${$1}"), requested, match))
}

func (r *rule) address() string {
	return anyOf(r.addresses)
}

func anyOf(addresses []string) string {
	if len(addresses) == 0 {
		return ""
	}
	return addresses[rand.IntN(len(addresses))]
}
