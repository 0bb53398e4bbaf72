package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"go.yaml.in/yaml/v3"
)

// account is the user that the engine speaks as. The node's own identity may become it, and nothing else: it does not read what the
// engine reads (images/node/files/usr/local/share/ckx/addons.yaml.template).
const account = "ckx:netpol"

type kubeconfig struct {
	Clusters []struct {
		Cluster struct {
			Server                   string `yaml:"server"`
			CertificateAuthority     string `yaml:"certificate-authority"`
			CertificateAuthorityData string `yaml:"certificate-authority-data"`
		} `yaml:"cluster"`
	} `yaml:"clusters"`
	Users []struct {
		User struct {
			ClientCertificate     string `yaml:"client-certificate"`
			ClientCertificateData string `yaml:"client-certificate-data"`
			ClientKey             string `yaml:"client-key"`
			ClientKeyData         string `yaml:"client-key-data"`
		} `yaml:"user"`
	} `yaml:"users"`
}

// API is a way to one API server.
type API struct {
	server string
	http   *http.Client
	// text of the kubeconfig that it was opened with.
	text []byte
}

// OpenAPI reads the kubelet's kubeconfig, which has one cluster and one user. Certificates that are files are read at each connection,
// since the kubelet renews them.
func OpenAPI(path string) (*API, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var config kubeconfig
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, err
	}
	if len(config.Clusters) == 0 || len(config.Users) == 0 {
		return nil, errors.New("the kubeconfig names no cluster or no user")
	}
	cluster, user := config.Clusters[0].Cluster, config.Users[0].User
	authority, err := dataOrFile(cluster.CertificateAuthorityData, cluster.CertificateAuthority)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("the kubeconfig holds no certificate authority")
	}
	identity := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		certificate, err := dataOrFile(user.ClientCertificateData, user.ClientCertificate)
		if err != nil {
			return nil, err
		}
		key, err := dataOrFile(user.ClientKeyData, user.ClientKey)
		if err != nil {
			return nil, err
		}
		pair, err := tls.X509KeyPair(certificate, key)
		return &pair, err
	}
	transport := &http.Transport{
		TLSClientConfig:       &tls.Config{RootCAs: roots, GetClientCertificate: identity},
		DialContext:           (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second, MaxReceiveBufferPerConnection: 1 << 20},
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 15 * time.Second,
		DisableCompression:    true,
	}
	return &API{server: cluster.Server, http: &http.Client{Transport: transport}, text: text}, nil
}

// Stale says whether the kubeconfig has changed: at a first start that began anew, or by a candidate's hand.
func (a *API) Stale(path string) bool {
	text, err := os.ReadFile(path)
	return err == nil && !bytes.Equal(text, a.text)
}

// Close ends what is open.
func (a *API) Close() {
	a.http.CloseIdleConnections()
}

func dataOrFile(data, path string) ([]byte, error) {
	if data != "" {
		return base64.StdEncoding.DecodeString(data)
	}
	return os.ReadFile(path)
}
