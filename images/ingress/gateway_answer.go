package main

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
)

// answer does with a request what the table of its port says.
func (p *portTable) answer(writer http.ResponseWriter, request *http.Request, port int) {
	host := hostOf(request)
	found := (*servedRule)(nil)
	var matched *matcher
	if group := p.group(host); group != nil {
		params := request.URL.Query()
		for _, one := range group.entries {
			if hostFits(one.host, host) && one.matches.fits(request, params) {
				found, matched = one.rule, one.matches
				break
			}
		}
	}
	if found == nil {
		http.Error(writer, "404 Not Found", http.StatusNotFound)
		return
	}
	if found.redirect != nil {
		to := found.redirect.location(request, host, port, matched.path)
		change(writer.Header(), found.answer)
		http.Redirect(writer, request, to, cmp.Or(found.redirect.Status, http.StatusFound))
		return
	}
	to := found.pick()
	if to == nil || to.broken {
		http.Error(writer, "500 Internal Server Error", http.StatusInternalServerError)
		return
	}
	address := anyOf(to.addresses)
	if address == "" {
		http.Error(writer, "503 Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	if found.timeout > 0 {
		limited, cancel := context.WithTimeout(request.Context(), found.timeout)
		defer cancel()
		request = request.WithContext(limited)
	}
	forward(writer, request, address, func(forwarded *httputil.ProxyRequest) {
		change(forwarded.Out.Header, found.request)
		change(forwarded.Out.Header, to.request)
		if rewrite := found.rewrite; rewrite != nil {
			forwarded.Out.Host = cmp.Or(rewrite.Hostname, forwarded.Out.Host)
			if rewrite.Path != nil {
				forwarded.Out.URL.Path = rewrite.Path.applied(request.URL.Path, matched.path)
				forwarded.Out.URL.RawPath = ""
			}
		}
	}, func(answer *http.Response) error {
		change(answer.Header, to.answer)
		change(answer.Header, found.answer)
		return nil
	})
}

// hostOf is the host that a request names, without its port, in lower case.
func hostOf(request *http.Request) string {
	host := strings.ToLower(request.Host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

func change(headers http.Header, changes []headerChange) {
	for _, one := range changes {
		for _, entry := range one.Set {
			headers.Set(entry.Name, entry.Value)
		}
		for _, entry := range one.Add {
			headers.Add(entry.Name, entry.Value)
		}
		for _, name := range one.Remove {
			headers.Del(name)
		}
	}
}

// applied is a path after its change; `prefix` is that by which the request matched.
func (p *pathChange) applied(path, prefix string) string {
	if p.Type == "ReplaceFullPath" {
		return cmp.Or(p.Full, "/")
	}
	rest := strings.TrimPrefix(path, strings.TrimSuffix(prefix, "/"))
	return cmp.Or(strings.TrimSuffix(p.Prefix, "/")+rest, "/")
}

// location is where a client is sent. What the filter does not say stays as it was; a scheme without a port means that scheme's own.
func (r *redirectFilter) location(request *http.Request, host string, port int, prefix string) string {
	scheme := "http"
	if request.TLS != nil {
		scheme = "https"
	}
	usual := map[string]int{"http": 80, "https": 443}
	switch {
	case r.Port != 0:
		port = r.Port
	case r.Scheme != "":
		port = usual[r.Scheme]
	}
	to := *request.URL
	to.Scheme = cmp.Or(r.Scheme, scheme)
	to.Host = cmp.Or(r.Hostname, host)
	switch {
	case port != usual[to.Scheme]:
		to.Host = net.JoinHostPort(to.Host, strconv.Itoa(port))
	case strings.Contains(to.Host, ":"):
		to.Host = "[" + to.Host + "]"
	}
	if r.Path != nil {
		to.Path, to.RawPath = r.Path.applied(to.Path, prefix), ""
	}
	return to.String()
}
