package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"
)

const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

// API is the API server, asked as the pod's account.
type API struct {
	server string
	http   *http.Client
}

func openAPI() (*API, error) {
	authority, err := os.ReadFile(account + "ca.crt")
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	host := net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	return &API{server: "https://" + host, http: &http.Client{Transport: transport, Timeout: 10 * time.Second}}, nil
}

func (a *API) look(ctx context.Context) (found cluster, err error) {
	for _, kind := range []struct {
		path   string
		target any
	}{
		{"/apis/networking.k8s.io/v1/ingresses", &found.ingresses},
		{"/apis/networking.k8s.io/v1/ingressclasses", &found.classes},
		{"/api/v1/services", &found.services},
		{"/apis/discovery.k8s.io/v1/endpointslices", &found.slices},
		{"/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls", &found.secrets},
		{"/api/v1/nodes", &found.nodes},
	} {
		if err := a.list(ctx, kind.path, kind.target); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (a *API) list(ctx context.Context, path string, target any) error {
	list := struct {
		Items any `json:"items"`
	}{target}
	body, err := a.request(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// tell writes the nodes' addresses into the status of ingresses, as controllers without a load balancer do.
func (a *API) tell(ctx context.Context, mine []ingress, nodes []node) error {
	var status ingressStatus
	for _, one := range nodes {
		for _, entry := range one.Status.Addresses {
			if entry.Type == "InternalIP" {
				status.LoadBalancer.Ingress = append(status.LoadBalancer.Ingress, address{IP: entry.Address})
			}
		}
	}
	for _, one := range mine {
		if reflect.DeepEqual(one.Status, status) {
			continue
		}
		patch, err := json.Marshal(map[string]any{"status": status})
		if err != nil {
			return err
		}
		path := fmt.Sprintf("/apis/networking.k8s.io/v1/namespaces/%s/ingresses/%s/status", one.Metadata.Namespace, one.Metadata.Name)
		if _, err := a.request(ctx, http.MethodPatch, path, "application/merge-patch+json", patch); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) request(ctx context.Context, method, path, contentType string, content []byte) ([]byte, error) {
	// Read each time: the kubelet replaces it now and then.
	token, err := os.ReadFile(account + "token")
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, a.server+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := a.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: the API server answers %s", path, response.Status)
	}
	return body, err
}
