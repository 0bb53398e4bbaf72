package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
)

// forward hands a request on to a pod. `change` alters it on the way, `answered`, where there is one, the answer. 502 where the pod does not
// answer, 504 where the request's own time is up.
func forward(writer http.ResponseWriter, request *http.Request, address string, change func(*httputil.ProxyRequest), answered func(*http.Response) error) {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(forwarded *httputil.ProxyRequest) {
			forwarded.Out.URL.Scheme = "http"
			forwarded.Out.URL.Host = address
			forwarded.Out.Host = request.Host
			forwarded.SetXForwarded()
			if client, _, err := net.SplitHostPort(request.RemoteAddr); err == nil {
				forwarded.Out.Header.Set("X-Real-IP", client)
			}
			change(forwarded)
		},
		ModifyResponse: answered,
		ErrorHandler: func(writer http.ResponseWriter, _ *http.Request, _ error) {
			if errors.Is(request.Context().Err(), context.DeadlineExceeded) {
				http.Error(writer, "504 Gateway Timeout", http.StatusGatewayTimeout)
				return
			}
			http.Error(writer, "502 Bad Gateway", http.StatusBadGateway)
		},
	}
	proxy.ServeHTTP(writer, request)
}
