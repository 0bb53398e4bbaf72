package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// apply does what the API server would do with the statuses that are told.
func (c *gatewayCluster) apply(t *testing.T, changes []statusChange) {
	t.Helper()
	for _, one := range changes {
		text, err := json.Marshal(one.status)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.Split(one.path, "/")[len(strings.Split(one.path, "/"))-2]
		for index := range c.gatewayClasses {
			if strings.Contains(one.path, "/gatewayclasses/") && c.gatewayClasses[index].Metadata.Name == name {
				err = json.Unmarshal(text, &c.gatewayClasses[index].Status)
			}
		}
		for index := range c.gateways {
			if strings.Contains(one.path, "/gateways/") && c.gateways[index].Metadata.Name == name {
				err = json.Unmarshal(text, &c.gateways[index].Status)
			}
		}
		for index := range c.routes {
			if strings.Contains(one.path, "/httproutes/") && c.routes[index].Metadata.Name == name {
				err = json.Unmarshal(text, &c.routes[index].Status)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// said lists conditions as `Type=Status/Reason`.
func said(conditions []condition) string {
	var all []string
	for _, one := range conditions {
		all = append(all, fmt.Sprintf("%s=%s/%s", one.Type, one.Status, one.Reason))
	}
	return strings.Join(all, " ")
}

const (
	goodListener = "Accepted=True/Accepted Programmed=True/Programmed ResolvedRefs=True/ResolvedRefs Conflicted=False/NoConflicts"
	goodRoute    = "Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs"
)

func TestGatewayListeners(t *testing.T) {
	listeners := []struct{ spec, says string }{
		{plainListener, goodListener},
		{`{"name":"tcp","port":9000,"protocol":"TCP"}`, "Accepted=False/UnsupportedProtocol Programmed=False/Invalid ResolvedRefs=True/ResolvedRefs Conflicted=False/NoConflicts"},
		{`{"name":"taken","port":22,"protocol":"HTTP"}`, "Accepted=False/PortUnavailable Programmed=False/Invalid ResolvedRefs=True/ResolvedRefs Conflicted=False/NoConflicts"},
		{`{"name":"node-port","port":30080,"protocol":"HTTP"}`, "Accepted=False/PortUnavailable Programmed=False/Invalid ResolvedRefs=True/ResolvedRefs Conflicted=False/NoConflicts"},
		{`{"name":"kinds","port":80,"protocol":"HTTP","hostname":"k.example","allowedRoutes":{"kinds":[{"kind":"GRPCRoute"}]}}`,
			"Accepted=True/Accepted Programmed=True/Programmed ResolvedRefs=False/InvalidRouteKinds Conflicted=False/NoConflicts"},
		{`{"name":"bare","port":443,"protocol":"HTTPS","tls":{"mode":"Terminate","certificateRefs":[{"name":"none"}]}}`,
			"Accepted=True/Accepted Programmed=False/Invalid ResolvedRefs=False/InvalidCertificateRef Conflicted=False/NoConflicts"},
		{`{"name":"foreign","port":443,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"none","namespace":"vault"}]}}`,
			"Accepted=True/Accepted Programmed=False/Invalid ResolvedRefs=False/RefNotPermitted Conflicted=False/NoConflicts"},
		{`{"name":"clash","port":80,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"none"}]}}`,
			"Accepted=True/Accepted Programmed=False/Invalid ResolvedRefs=False/InvalidCertificateRef Conflicted=True/ProtocolConflict"},
	}
	var specs []string
	for _, one := range listeners {
		specs = append(specs, one.spec)
	}
	found := world(t, []string{
		gatewayOf("main", strings.Join(specs, ",")), gatewayOf("nothing", specs[1]),
		strings.Replace(gatewayOf("foreign", plainListener), `"nginx"`, `"other"`, 1),
		strings.Replace(gatewayOf("placed", plainListener), `"listeners"`, `"addresses":[{"value":"1.2.3.4"}],"listeners"`, 1),
	}, nil)
	opens := func(wanted map[int]bool) map[int]string { return map[int]string{22: "address already in use"} }
	_, changes := found.plan("10.0.0.1", time.Now(), opens)
	found.apply(t, changes)
	for index, one := range listeners {
		status := found.gateways[0].Status.Listeners[index]
		if says := said(status.Conditions); says != one.says {
			t.Errorf("Listener %s: %s, not %s", status.Name, says, one.says)
		}
	}
	for index, says := range []string{"Accepted=True/ListenersNotValid Programmed=True/Programmed", "Accepted=False/ListenersNotValid Programmed=False/Invalid", "",
		"Accepted=False/UnsupportedAddress Programmed=False/Invalid"} {
		if is := said(found.gateways[index].Status.Conditions); is != says {
			t.Errorf("Gateway %s: %s, not %s", found.gateways[index].Metadata.Name, is, says)
		}
	}
	if is := found.gateways[0].Status; len(is.Addresses) != 1 || is.Addresses[0].Value != "10.0.0.1" || is.Conditions[0].Generation != 3 {
		t.Errorf("The Gateway's status: %+v", is)
	}
	if is := said(found.gatewayClasses[0].Status.Conditions) + said(found.gatewayClasses[1].Status.Conditions); is != "Accepted=True/Accepted" {
		t.Errorf("The classes' status: %s", is)
	}
	if _, changes := found.plan("10.0.0.1", time.Now().Add(time.Hour), opens); len(changes) > 0 {
		t.Errorf("The statuses are not settled: %+v", changes)
	}
}

func TestGatewayRouteStatus(t *testing.T) {
	ref := func(text string) string { return `"rules":[{"backendRefs":[` + text + `]}]` }
	mirror := `{"filters":[{"type":"RequestMirror"}],` + to("front") + `}`
	cases := []struct{ route, says string }{
		{routeOf("good", ref(`{"name":"front","port":80}`)), goodRoute},
		{routeOf("gone", ref(`{"name":"gone","port":80}`)), "Accepted=True/Accepted ResolvedRefs=False/BackendNotFound"},
		{routeOf("other-port", ref(`{"name":"front","port":81}`)), "Accepted=True/Accepted ResolvedRefs=False/BackendNotFound"},
		{routeOf("other-kind", ref(`{"kind":"Pod","name":"front","port":80}`)), "Accepted=True/Accepted ResolvedRefs=False/InvalidKind"},
		{routeOf("sealed", ref(`{"name":"sealed","port":443}`)), "Accepted=True/Accepted ResolvedRefs=False/UnsupportedProtocol"},
		{routeOf("far", ref(`{"name":"far","namespace":"vault","port":80}`)), "Accepted=True/Accepted ResolvedRefs=False/RefNotPermitted"},
		{routeOf("host", `"hostnames":["else.where"],`+ref(`{"name":"front","port":80}`)), "Accepted=False/NoMatchingListenerHostname ResolvedRefs=True/ResolvedRefs"},
		{strings.Replace(routeOf("section", ref(``)), `{"name":"main"}`, `{"name":"main","sectionName":"none"}`, 1), "Accepted=False/NoMatchingParent ResolvedRefs=True/ResolvedRefs"},
		{strings.Replace(routeOf("vault", `"rules":[]`), `"namespace":"shop"`, `"namespace":"vault"`, 1), ""},
		{strings.NewReplacer(`"namespace":"shop"`, `"namespace":"vault"`, `{"name":"main"}`, `{"name":"main","namespace":"shop"}`).Replace(routeOf("outsider", `"rules":[]`)),
			"Accepted=False/NotAllowedByListeners ResolvedRefs=True/ResolvedRefs"},
		{routeOf("mirror", `"rules":[`+mirror+`]`), "Accepted=False/UnsupportedValue ResolvedRefs=True/ResolvedRefs"},
		{routeOf("half", `"rules":[`+mirror+`,{`+to("front")+`}]`), goodRoute + " PartiallyInvalid=True/UnsupportedValue"},
	}
	var routes []string
	for _, one := range cases {
		routes = append(routes, one.route)
	}
	found := world(t, []string{gatewayOf("main", `{"name":"http","port":80,"protocol":"HTTP","hostname":"*.example"}`)}, routes)
	names := map[string]string{}
	for index, one := range found.routes {
		names[one.Metadata.Name] = cases[index].says
	}
	_, changes := found.plan("10.0.0.1", time.Now(), opensAll)
	found.apply(t, changes)
	check := func(route httpRoute, says string) {
		is := ""
		for _, parent := range route.Status.Parents {
			is += said(parent.Conditions)
		}
		if is != says {
			t.Errorf("Route %s: %s, not %s", route.Metadata.Name, is, says)
		}
	}
	for _, one := range found.routes {
		check(one, names[one.Metadata.Name])
	}
	if attached := found.gateways[0].Status.Listeners[0].Attached; attached != 7 {
		t.Errorf("%d routes are attached, not 7", attached)
	}
	if _, changes := found.plan("10.0.0.1", time.Now().Add(time.Hour), opensAll); len(changes) > 0 {
		t.Errorf("The statuses are not settled: %+v", changes)
	}
	// What was missing comes: routes of namespaces by label, a grant.
	found.gateways[0].Spec.Listeners[0].Allowed.Namespaces.From = "Selector"
	found.gateways[0].Spec.Listeners[0].Allowed.Namespaces.Selector.Labels = map[string]string{"trusted": "yes"}
	found.grants = read[referenceGrant](t, `{"metadata":{"namespace":"vault"},"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"shop"}],"to":[{"group":"","kind":"Service","name":"far"}]}}`)
	_, changes = found.plan("10.0.0.1", time.Now(), opensAll)
	found.apply(t, changes)
	for _, one := range found.routes {
		switch one.Metadata.Name {
		case "outsider":
			check(one, goodRoute)
		case "far":
			check(one, "Accepted=False/NotAllowedByListeners ResolvedRefs=True/ResolvedRefs")
		}
	}
}

// Real ports: opened, served with the certificate of the name that is asked for, closed.
func TestGatewayPorts(t *testing.T) {
	free := func() int {
		listening, err := net.Listen("tcp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		defer listening.Close()
		return listening.Addr().(*net.TCPAddr).Port
	}
	plain, secure := free(), free()
	found := world(t, []string{gatewayOf("main", fmt.Sprintf(`{"name":"http","port":%d,"protocol":"HTTP"},
  {"name":"https","port":%d,"protocol":"HTTPS","hostname":"ingress.local","tls":{"certificateRefs":[{"name":"pair"}]}}`, plain, secure))},
		[]string{routeOf("all", `"rules":[{`+to("front")+`}]`)})
	pair, err := ownCertificate()
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, der []byte) string {
		return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	found.secrets = read[secret](t, fmt.Sprintf(`{"metadata":{"name":"pair","namespace":"shop"},"data":{"tls.crt":%q,"tls.key":%q}}`,
		text("CERTIFICATE", pair.Certificate[0]), text("PRIVATE KEY", key)))
	var current atomic.Pointer[gatewayTable]
	ports := gatewayPorts{current: &current, open: map[int]*openPort{}}
	table, _ := found.plan("10.0.0.1", time.Now(), ports.keep)
	current.Store(&table)
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(leaf)
	get := func(name, address string) string {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: name}}}
		request, _ := http.NewRequest(http.MethodGet, address, nil)
		request.Host = name
		answer, err := client.Do(request)
		if err != nil {
			return "error: " + err.Error()
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return string(body)
	}
	if says := get("any", fmt.Sprintf("http://127.0.0.1:%d/", plain)); !strings.HasPrefix(says, "front any /") {
		t.Errorf("HTTP: %s", says)
	}
	if says := get("ingress.local", fmt.Sprintf("https://127.0.0.1:%d/", secure)); !strings.HasPrefix(says, "front ingress.local /") {
		t.Errorf("HTTPS: %s", says)
	}
	if says := get("other.local", fmt.Sprintf("https://127.0.0.1:%d/", secure)); !strings.HasPrefix(says, "error: ") {
		t.Errorf("HTTPS for a name that no listener has: %s", says)
	}
	if failures := (&gatewayPorts{current: &current, open: map[int]*openPort{}}).keep(map[int]bool{plain: false}); failures[plain] != "address already in use" {
		t.Errorf("A port that is taken: %v", failures)
	}
	ports.keep(map[int]bool{plain: false})
	if says := get("ingress.local", fmt.Sprintf("https://127.0.0.1:%d/", secure)); !strings.Contains(says, "refused") {
		t.Errorf("A port that was closed: %s", says)
	}
	ports.keep(nil)
}
