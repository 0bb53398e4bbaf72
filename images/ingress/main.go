// Command ckx-ingress is an ingress controller: it answers HTTP and HTTPS by what the cluster's Ingresses say. As `ckx-ingress gateway` it does
// so by what the cluster's Gateways and HTTPRoutes say.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"log"
	"math/big"
	"net/http"
	"net/http/httputil"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// lookEvery is how long a change takes to be served, at most.
const lookEvery = time.Second

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	api, err := openAPI()
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 && os.Args[1] == "gateway" {
		serveGateways(ctx, api, os.Getenv("HOST_IP"))
		return
	}
	serveIngresses(ctx, api)
}

func serveIngresses(ctx context.Context, api *API) {
	var current atomic.Pointer[table]
	go follow(ctx, api, &current)
	fallback, err := ownCertificate()
	if err != nil {
		log.Fatal(err)
	}
	secure := &http.Server{Addr: ":8443", Handler: handler(&current), ReadHeaderTimeout: 10 * time.Second, TLSConfig: &tls.Config{
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if found := current.Load(); found != nil {
				for _, name := range []string{hello.ServerName, wildcard(hello.ServerName)} {
					if certificate := found.certificates[strings.ToLower(name)]; certificate != nil {
						return certificate, nil
					}
				}
			}
			return fallback, nil
		},
	}}
	plain := &http.Server{Addr: ":8080", Handler: handler(&current), ReadHeaderTimeout: 10 * time.Second}
	health := http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		if current.Load() == nil {
			writer.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	go func() { log.Fatal(secure.ListenAndServeTLS("", "")) }()
	go func() { log.Fatal(http.ListenAndServe(":8081", health)) }()
	go func() {
		<-ctx.Done()
		_ = plain.Close()
	}()
	if err := plain.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func wildcard(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return "*." + rest
}

func follow(ctx context.Context, api *API, current *atomic.Pointer[table]) {
	everySecond(ctx, func() []error {
		found, err := api.look(ctx)
		if err != nil {
			return []error{err}
		}
		made, complaints := tableOf(found)
		current.Store(&made)
		if err := api.tell(ctx, made.mine, found.nodes); err != nil {
			complaints = append(complaints, err)
		}
		return complaints
	})
}

// everySecond looks at the cluster again and again, and says each complaint once.
func everySecond(ctx context.Context, look func() []error) {
	said := map[string]bool{}
	for ctx.Err() == nil {
		now := map[string]bool{}
		for _, problem := range look() {
			now[problem.Error()] = true
			if !said[problem.Error()] {
				log.Print(problem)
			}
		}
		said = now
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
}

func handler(current *atomic.Pointer[table]) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		found := current.Load()
		if found == nil {
			http.Error(writer, "503 Service Temporarily Unavailable", http.StatusServiceUnavailable)
			return
		}
		rule := found.find(request.Host, request.URL.Path)
		if rule == nil {
			http.Error(writer, "404 Not Found", http.StatusNotFound)
			return
		}
		if rule.toTLS && request.TLS == nil {
			http.Redirect(writer, request, "https://"+request.Host+request.URL.RequestURI(), http.StatusPermanentRedirect)
			return
		}
		address := rule.address()
		if address == "" {
			http.Error(writer, "503 Service Temporarily Unavailable", http.StatusServiceUnavailable)
			return
		}
		forward(writer, request, address, func(forwarded *httputil.ProxyRequest) {
			forwarded.Out.URL.Path = rule.target(request.URL.Path)
			forwarded.Out.URL.RawPath = ""
		}, nil)
	})
}

// ownCertificate is shown for hosts that no Ingress has one for.
func ownCertificate() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "Ingress controller, no certificate of the host"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(1, 0, 0),
		DNSNames:     []string{"ingress.local"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
