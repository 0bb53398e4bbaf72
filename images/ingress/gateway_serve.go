package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// A port of this node's that no Gateway is likely to want, and that others cannot reach.
const gatewayHealth = "127.0.0.1:10260"

// serveGateways opens the ports of the Gateways' listeners, in the network of its node, and answers what comes. `nodeIP` is their address.
func serveGateways(ctx context.Context, api *API, nodeIP string) {
	var current atomic.Pointer[gatewayTable]
	health := http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		if current.Load() == nil {
			writer.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	go func() { log.Fatal(http.ListenAndServe(gatewayHealth, health)) }()
	ports := gatewayPorts{current: &current, open: map[int]*openPort{}}
	everySecond(ctx, func() []error {
		found, err := api.lookAtGateways(ctx)
		if err != nil {
			return []error{err}
		}
		made, changes := found.plan(nodeIP, time.Now(), ports.keep)
		current.Store(&made)
		var complaints []error
		for _, one := range changes {
			if err := api.patch(ctx, one); err != nil {
				complaints = append(complaints, err)
			}
		}
		return complaints
	})
	ports.keep(nil)
}

func (a *API) lookAtGateways(ctx context.Context) (found gatewayCluster, err error) {
	const group = "/apis/gateway.networking.k8s.io/v1/"
	for _, kind := range []struct {
		path   string
		target any
	}{
		{group + "gatewayclasses", &found.gatewayClasses},
		{group + "gateways", &found.gateways},
		{group + "httproutes", &found.routes},
		{group + "referencegrants", &found.grants},
		{"/api/v1/namespaces", &found.namespaces},
		{"/api/v1/services", &found.services},
		{"/apis/discovery.k8s.io/v1/endpointslices", &found.slices},
		{"/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls", &found.secrets},
	} {
		if err := a.list(ctx, kind.path, kind.target); err != nil {
			return found, err
		}
	}
	return found, nil
}

// gatewayPorts are the ports that are open.
type gatewayPorts struct {
	current *atomic.Pointer[gatewayTable]
	open    map[int]*openPort
}

type openPort struct {
	secure bool
	server *http.Server
}

// keep opens the ports that are wanted, true for those with TLS, and closes all others. It says which could not be opened, and why.
func (p *gatewayPorts) keep(wanted map[int]bool) map[int]string {
	failures := map[int]string{}
	for port, one := range p.open {
		if secure, still := wanted[port]; !still || secure != one.secure {
			_ = one.server.Close()
			delete(p.open, port)
		}
	}
	for port, secure := range wanted {
		if p.open[port] != nil {
			continue
		}
		listening, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
		if err != nil {
			failures[port] = cause(err).Error()
			continue
		}
		server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: p.handler(port), ErrorLog: log.New(io.Discard, "", 0)}
		serve := func() error { return server.Serve(listening) }
		if secure {
			server.TLSConfig = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return p.certificate(port, hello) }}
			serve = func() error { return server.ServeTLS(listening, "", "") }
		}
		p.open[port] = &openPort{secure, server}
		go func() {
			if err := serve(); !errors.Is(err, http.ErrServerClosed) {
				log.Fatal(err)
			}
		}()
	}
	return failures
}

// cause is the innermost of an error, which says what it is and nothing else.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

func (p *gatewayPorts) table(port int) *portTable {
	if found := p.current.Load(); found != nil {
		return (*found)[port]
	}
	return nil
}

func (p *gatewayPorts) handler(port int) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if found := p.table(port); found != nil {
			found.answer(writer, request, port)
			return
		}
		http.Error(writer, "404 Not Found", http.StatusNotFound)
	})
}

// certificate is one of the listener that the name which a client asks for is a matter of.
func (p *gatewayPorts) certificate(port int, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if found := p.table(port); found != nil {
		if group := found.group(strings.ToLower(hello.ServerName)); group != nil {
			for _, one := range group.certificates {
				if hello.SupportsCertificate(one) == nil {
					return one, nil
				}
			}
			if len(group.certificates) > 0 {
				return group.certificates[0], nil
			}
		}
	}
	return nil, fmt.Errorf("no listener at port %d has a certificate for %q", port, hello.ServerName)
}
