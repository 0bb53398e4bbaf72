package main

// What is read of Kubernetes' objects: the fields that routing needs, and no others.

type meta struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Version     string            `json:"resourceVersion"`
	Generation  int64             `json:"generation"`
	// Of RFC 3339 in UTC: as text it sorts by time.
	Created string `json:"creationTimestamp"`
}

type ingress struct {
	Metadata meta          `json:"metadata"`
	Spec     ingressSpec   `json:"spec"`
	Status   ingressStatus `json:"status"`
}

type ingressSpec struct {
	Class   *string  `json:"ingressClassName"`
	Default *backend `json:"defaultBackend"`
	TLS     []struct {
		Hosts  []string `json:"hosts"`
		Secret string   `json:"secretName"`
	} `json:"tls"`
	Rules []struct {
		Host string `json:"host"`
		HTTP *struct {
			Paths []path `json:"paths"`
		} `json:"http"`
	} `json:"rules"`
}

type path struct {
	Path    string  `json:"path"`
	Type    string  `json:"pathType"`
	Backend backend `json:"backend"`
}

type ingressStatus struct {
	LoadBalancer struct {
		Ingress []address `json:"ingress,omitempty"`
	} `json:"loadBalancer"`
}

type address struct {
	IP string `json:"ip"`
}

type backend struct {
	Service *struct {
		Name string  `json:"name"`
		Port portRef `json:"port"`
	} `json:"service"`
}

// portRef is a service's port, by one of the two.
type portRef struct {
	Name   string `json:"name"`
	Number int    `json:"number"`
}

type ingressClass struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		Controller string `json:"controller"`
	} `json:"spec"`
}

type service struct {
	Metadata meta `json:"metadata"`
	Spec     struct {
		Ports []servicePort `json:"ports"`
	} `json:"spec"`
}

type servicePort struct {
	Name     string `json:"name"`
	Port     int    `json:"port"`
	NodePort int    `json:"nodePort"`
	Protocol string `json:"appProtocol"`
}

type endpointSlice struct {
	Metadata  meta `json:"metadata"`
	Endpoints []struct {
		Addresses  []string `json:"addresses"`
		Conditions struct {
			Ready *bool `json:"ready"`
		} `json:"conditions"`
	} `json:"endpoints"`
	Ports []struct {
		Name string `json:"name"`
		Port int    `json:"port"`
	} `json:"ports"`
}

type secret struct {
	Metadata meta `json:"metadata"`
	Data     struct {
		Certificate []byte `json:"tls.crt"`
		Key         []byte `json:"tls.key"`
	} `json:"data"`
}

type node struct {
	Status struct {
		Addresses []struct {
			Type    string `json:"type"`
			Address string `json:"address"`
		} `json:"addresses"`
	} `json:"status"`
}

// cluster is what a look at the API server found.
type cluster struct {
	ingresses []ingress
	classes   []ingressClass
	services  []service
	slices    []endpointSlice
	secrets   []secret
	nodes     []node
}
