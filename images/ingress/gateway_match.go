package main

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// matcher is one of a rule's matches: all that it names must hold.
type matcher struct {
	path            string
	exact           bool
	pattern         *regexp.Regexp
	method          string
	headers, params []valueMatcher
}

type valueMatcher struct {
	name, value string
	pattern     *regexp.Regexp
}

func matcherOf(match routeMatch) (*matcher, error) {
	made := &matcher{path: match.Path.Value, exact: match.Path.Type == "Exact", method: match.Method}
	if made.path == "" {
		made.path = "/"
	}
	var err error
	switch match.Path.Type {
	case "", "PathPrefix", "Exact":
	case "RegularExpression":
		if made.pattern, err = whole(made.path); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("path matches of type %s are not supported", match.Path.Type)
	}
	if made.headers, err = valueMatchers(match.Headers); err != nil {
		return nil, err
	}
	made.params, err = valueMatchers(match.Params)
	return made, err
}

func valueMatchers(matches []valueMatch) (made []valueMatcher, err error) {
	for _, one := range matches {
		wanted := valueMatcher{name: one.Name, value: one.Value}
		if one.Type == "RegularExpression" {
			if wanted.pattern, err = whole(one.Value); err != nil {
				return nil, err
			}
		}
		made = append(made, wanted)
	}
	return made, nil
}

// whole is an expression that must describe all of a text.
func whole(expression string) (*regexp.Regexp, error) {
	return regexp.Compile(`\A(?:` + expression + `)\z`)
}

// before says which of two that may both match is taken: exact paths, expressions, prefixes, each longer ones first; then whoever names a
// method; then more headers; then more query parameters.
func (m *matcher) before(other *matcher) bool {
	for _, pair := range [][2]int{
		{m.rank(), other.rank()},
		{-len(m.path), -len(other.path)},
		{-min(len(m.method), 1), -min(len(other.method), 1)},
		{-len(m.headers), -len(other.headers)},
		{-len(m.params), -len(other.params)},
	} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	return false
}

func (m *matcher) rank() int {
	switch {
	case m.exact:
		return 0
	case m.pattern != nil:
		return 1
	}
	return 2
}

func (m *matcher) fits(request *http.Request, params url.Values) bool {
	if m.method != "" && m.method != request.Method {
		return false
	}
	switch path := request.URL.Path; {
	case m.pattern != nil:
		if !m.pattern.MatchString(path) {
			return false
		}
	case m.exact:
		if path != m.path {
			return false
		}
	default:
		// By whole elements, as with an Ingress.
		if prefix := strings.TrimSuffix(m.path, "/"); path != prefix && !strings.HasPrefix(path, prefix+"/") {
			return false
		}
	}
	for _, one := range m.headers {
		if values := request.Header.Values(one.name); len(values) == 0 || !one.fits(strings.Join(values, ",")) {
			return false
		}
	}
	for _, one := range m.params {
		if values := params[one.name]; len(values) == 0 || !one.fits(values[0]) {
			return false
		}
	}
	return true
}

func (v valueMatcher) fits(value string) bool {
	if v.pattern != nil {
		return v.pattern.MatchString(value)
	}
	return v.value == value
}
