package main

import "encoding/json"

type httpRoute struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		Parents   []parentRef `json:"parentRefs"`
		Hostnames []string    `json:"hostnames"`
		Rules     []routeRule `json:"rules"`
	} `json:"spec"`
	Status routeStatus `json:"status"`
}

// parentRef is told back in the status just as it was read.
type parentRef struct {
	Group     *string `json:"group,omitempty"`
	Kind      *string `json:"kind,omitempty"`
	Namespace *string `json:"namespace,omitempty"`
	Name      string  `json:"name"`
	Section   *string `json:"sectionName,omitempty"`
	Port      *int    `json:"port,omitempty"`
}

type routeRule struct {
	Matches  []routeMatch      `json:"matches"`
	Filters  []routeFilter     `json:"filters"`
	Backends []routeBackend    `json:"backendRefs"`
	Timeouts map[string]string `json:"timeouts"`
	Retry    json.RawMessage   `json:"retry"`
}

type routeMatch struct {
	Path struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"path"`
	Headers []valueMatch `json:"headers"`
	Params  []valueMatch `json:"queryParams"`
	Method  string       `json:"method"`
}

type valueMatch struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type routeBackend struct {
	objectRef
	Port    int           `json:"port"`
	Weight  *int          `json:"weight"`
	Filters []routeFilter `json:"filters"`
}

type routeFilter struct {
	Type            string         `json:"type"`
	RequestHeaders  headerChange   `json:"requestHeaderModifier"`
	ResponseHeaders headerChange   `json:"responseHeaderModifier"`
	Redirect        redirectFilter `json:"requestRedirect"`
	Rewrite         rewriteFilter  `json:"urlRewrite"`
}

type headerChange struct {
	Set    []header `json:"set"`
	Add    []header `json:"add"`
	Remove []string `json:"remove"`
}

type header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type redirectFilter struct {
	Scheme   string      `json:"scheme"`
	Hostname string      `json:"hostname"`
	Path     *pathChange `json:"path"`
	Port     int         `json:"port"`
	Status   int         `json:"statusCode"`
}

type rewriteFilter struct {
	Hostname string      `json:"hostname"`
	Path     *pathChange `json:"path"`
}

type pathChange struct {
	Type   string `json:"type"`
	Full   string `json:"replaceFullPath"`
	Prefix string `json:"replacePrefixMatch"`
}

type routeStatus struct {
	Parents []parentStatus `json:"parents"`
}

type parentStatus struct {
	Parent     parentRef   `json:"parentRef"`
	Controller string      `json:"controllerName"`
	Conditions []condition `json:"conditions"`
}
