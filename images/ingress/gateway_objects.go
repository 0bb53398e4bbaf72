package main

import "encoding/json"

// What is read of the Gateway API's objects: the fields that are served, and those that are refused by name.

const (
	gatewayGroup      = "gateway.networking.k8s.io"
	gatewayController = "ckx.local/gateway"
)

type gatewayClass struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		Controller string          `json:"controllerName"`
		Parameters json.RawMessage `json:"parametersRef"`
	} `json:"spec"`
	Status classStatus `json:"status"`
}

type classStatus struct {
	Conditions []condition `json:"conditions"`
}

type gateway struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		Class          string          `json:"gatewayClassName"`
		Listeners      []listenerSpec  `json:"listeners"`
		Addresses      []statusAddress `json:"addresses"`
		Infrastructure struct {
			Parameters json.RawMessage `json:"parametersRef"`
		} `json:"infrastructure"`
		TLS json.RawMessage `json:"tls"`
	} `json:"spec"`
	Status gatewayStatus `json:"status"`
}

type listenerSpec struct {
	Name     string `json:"name"`
	Hostname string `json:"hostname"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
	TLS      *struct {
		Mode         string      `json:"mode"`
		Certificates []objectRef `json:"certificateRefs"`
	} `json:"tls"`
	Allowed struct {
		Namespaces struct {
			From     string   `json:"from"`
			Selector selector `json:"selector"`
		} `json:"namespaces"`
		Kinds []routeKind `json:"kinds"`
	} `json:"allowedRoutes"`
}

type objectRef struct {
	Group     string  `json:"group"`
	Kind      string  `json:"kind"`
	Namespace *string `json:"namespace"`
	Name      string  `json:"name"`
}

type routeKind struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
}

type selector struct {
	Labels      map[string]string `json:"matchLabels"`
	Expressions []struct {
		Key      string   `json:"key"`
		Operator string   `json:"operator"`
		Values   []string `json:"values"`
	} `json:"matchExpressions"`
}

type namespace struct {
	Metadata meta `json:"metadata"`
}

type referenceGrant struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		From []objectRef `json:"from"`
		To   []objectRef `json:"to"`
	} `json:"spec"`
}

type gatewayStatus struct {
	Addresses  []statusAddress  `json:"addresses"`
	Conditions []condition      `json:"conditions"`
	Listeners  []listenerStatus `json:"listeners"`
}

type statusAddress struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type listenerStatus struct {
	Name       string      `json:"name"`
	Kinds      []routeKind `json:"supportedKinds"`
	Attached   int         `json:"attachedRoutes"`
	Conditions []condition `json:"conditions"`
}

type condition struct {
	Type       string `json:"type"`
	Status     string `json:"status"`
	Generation int64  `json:"observedGeneration"`
	Since      string `json:"lastTransitionTime"`
	Reason     string `json:"reason"`
	Message    string `json:"message"`
}

// gatewayCluster is what a look at the API server found.
type gatewayCluster struct {
	cluster
	gatewayClasses []gatewayClass
	gateways       []gateway
	routes         []httpRoute
	grants         []referenceGrant
	namespaces     []namespace
}
