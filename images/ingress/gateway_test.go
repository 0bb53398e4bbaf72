package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const since = "2026-01-01T00:00:00Z"

// world is a cluster with services front and back in namespace shop and far in namespace vault, each with a server behind it that says its name
// and what it was asked.
func world(t *testing.T, gateways, routes []string) gatewayCluster {
	t.Helper()
	found := gatewayCluster{
		gatewayClasses: read[gatewayClass](t, `{"metadata":{"name":"nginx","generation":1},"spec":{"controllerName":"ckx.local/gateway"}}`,
			`{"metadata":{"name":"other"},"spec":{"controllerName":"else/where"}}`),
		gateways:   read[gateway](t, gateways...),
		routes:     read[httpRoute](t, routes...),
		namespaces: read[namespace](t, `{"metadata":{"name":"shop"}}`, `{"metadata":{"name":"vault","labels":{"trusted":"yes"}}}`),
	}
	for name, in := range map[string]string{"front": "shop", "back": "shop", "far": "vault", "slow": "shop"} {
		server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
			if name == "slow" {
				time.Sleep(300 * time.Millisecond)
			}
			writer.Header().Set("X-Pod", name)
			fmt.Fprintf(writer, "%s %s %s %s", name, request.Host, request.URL.RequestURI(), strings.Join(request.Header.Values("X-Added"), "+"))
		}))
		t.Cleanup(server.Close)
		_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
		found.services = append(found.services, read[service](t, fmt.Sprintf(`{"metadata":{"name":%q,"namespace":%q},"spec":{"ports":[{"port":80}]}}`, name, in))...)
		found.slices = append(found.slices, read[endpointSlice](t, fmt.Sprintf(`{"metadata":{"namespace":%q,"labels":{"kubernetes.io/service-name":%q}},
  "ports":[{"name":"","port":%s}],"endpoints":[{"addresses":["127.0.0.1"]}]}`, in, name, port))...)
	}
	found.services = append(found.services, read[service](t, `{"metadata":{"name":"asleep","namespace":"shop"},"spec":{"ports":[{"port":80,"nodePort":30080}]}}`,
		`{"metadata":{"name":"sealed","namespace":"shop"},"spec":{"ports":[{"port":443,"appProtocol":"https"}]}}`)...)
	return found
}

func gatewayOf(name, listeners string) string {
	return fmt.Sprintf(`{"metadata":{"name":%q,"namespace":"shop","generation":3,"creationTimestamp":%q},"spec":{"gatewayClassName":"nginx","listeners":[%s]}}`, name, since, listeners)
}

func routeOf(name, spec string) string {
	return fmt.Sprintf(`{"metadata":{"name":%q,"namespace":"shop","generation":2,"creationTimestamp":%q},"spec":{"parentRefs":[{"name":"main"}],%s}}`, name, since, spec)
}

func to(service string) string { return fmt.Sprintf(`"backendRefs":[{"name":%q,"port":80}]`, service) }

const plainListener = `{"name":"http","port":80,"protocol":"HTTP"}`

func opensAll(map[int]bool) map[int]string { return nil }

// ask is what port 80 answers: status, text, headers.
func ask(t *testing.T, table gatewayTable, method, address string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, address, nil)
	for index := 0; index < len(headers); index += 2 {
		request.Header.Set(headers[index], headers[index+1])
	}
	answer := httptest.NewRecorder()
	table[80].answer(answer, request, 80)
	return answer
}

func TestGatewayLeads(t *testing.T) {
	listeners := plainListener + `,{"name":"wild","port":80,"protocol":"HTTP","hostname":"*.wild.example"},{"name":"own","port":80,"protocol":"HTTP","hostname":"own.wild.example"}`
	found := world(t, []string{gatewayOf("main", listeners)}, []string{
		routeOf("a-hosts", `"hostnames":["shop.example"],"rules":[
  {"matches":[{"path":{"type":"PathPrefix","value":"/"}}],`+to("front")+`},
  {"matches":[{"path":{"type":"PathPrefix","value":"/back"}},{"path":{"type":"Exact","value":"/exact"}}],`+to("back")+`},
  {"matches":[{"path":{"type":"RegularExpression","value":"/item/[0-9]+"}}],`+to("back")+`},
  {"matches":[{"method":"DELETE"}],`+to("back")+`},
  {"matches":[{"headers":[{"name":"X-Version","value":"two"}]}],`+to("back")+`},
  {"matches":[{"queryParams":[{"name":"v","type":"RegularExpression","value":"2|3"}]}],`+to("back")+`},
  {"matches":[{"path":{"type":"PathPrefix","value":"/asleep"}}],`+to("asleep")+`}]`),
		routeOf("b-any", `"hostnames":["*.example"],"rules":[{"matches":[{"path":{"type":"PathPrefix","value":"/back/wide"}}],`+to("front")+`}]`),
		`{"metadata":{"name":"c-own","namespace":"shop"},"spec":{"parentRefs":[{"name":"main","sectionName":"own"}],"rules":[{"matches":[{"path":{"type":"Exact","value":"/only"}}],` + to("front") + `}]}}`,
	})
	table, _ := found.plan("10.0.0.1", time.Now(), opensAll)
	for _, probe := range []struct{ method, address, leads, name, value string }{
		{"GET", "http://shop.example/", "front", "", ""},
		{"GET", "http://SHOP.example:80/x", "front", "", ""},
		{"GET", "http://shop.example/back", "back", "", ""},
		{"GET", "http://shop.example/back/more", "back", "", ""},
		{"GET", "http://shop.example/backs", "front", "", ""},
		{"GET", "http://shop.example/exact", "back", "", ""},
		{"GET", "http://shop.example/exact/not", "front", "", ""},
		{"GET", "http://shop.example/item/12", "back", "", ""},
		{"GET", "http://shop.example/item/twelve", "front", "", ""},
		{"DELETE", "http://shop.example/", "back", "", ""},
		{"GET", "http://shop.example/", "back", "x-version", "two"},
		{"GET", "http://shop.example/", "front", "X-Version", "three"},
		{"GET", "http://shop.example/?v=2", "back", "", ""},
		{"GET", "http://shop.example/?v=23", "front", "", ""},
		{"GET", "http://shop.example/asleep", "503", "", ""},
		{"GET", "http://shop.example/back/wide", "back", "", ""},
		{"GET", "http://other.example/back/wide", "front", "", ""},
		{"GET", "http://other.example/", "404", "", ""},
		{"GET", "http://elsewhere/", "404", "", ""},
		{"GET", "http://a.b.wild.example/back/wide", "front", "", ""},
		{"GET", "http://own.wild.example/only", "front", "", ""},
		{"GET", "http://a.wild.example/only", "404", "", ""},
	} {
		var headers []string
		if probe.name != "" {
			headers = []string{probe.name, probe.value}
		}
		answer := ask(t, table, probe.method, probe.address, headers...)
		leads := answer.Header().Get("X-Pod")
		if leads == "" {
			leads = fmt.Sprint(answer.Code)
		}
		if leads != probe.leads {
			t.Errorf("%s %s (%s: %s) leads to %s, not to %s", probe.method, probe.address, probe.name, probe.value, leads, probe.leads)
		}
	}
}

func TestGatewayShares(t *testing.T) {
	found := world(t, []string{gatewayOf("main", plainListener)}, []string{routeOf("split", `"rules":[{"backendRefs":[
  {"name":"front","port":80,"weight":8},{"name":"back","port":80,"weight":1},{"name":"gone","port":80,"weight":1},{"name":"slow","port":80,"weight":0}]}]`)})
	table, _ := found.plan("10.0.0.1", time.Now(), opensAll)
	counts := map[string]int{}
	for range 2_000 {
		answer := ask(t, table, "GET", "http://any/")
		counts[fmt.Sprint(answer.Code, answer.Header().Get("X-Pod"))]++
	}
	// Shares of 1600, 200 and 200: further away than this they are once in many millions of runs.
	for share, wanted := range map[string]int{"200front": 1600, "200back": 200, "500": 200} {
		if counts[share] < wanted-100 || counts[share] > wanted+100 {
			t.Errorf("%d requests of 2000 ended as %s, not about %d", counts[share], share, wanted)
		}
	}
	if counts["200slow"] > 0 {
		t.Error("A backend of weight 0 was asked")
	}
}

func TestGatewayFilters(t *testing.T) {
	rule := func(path, rest string) string {
		return `{"matches":[{"path":{"type":"PathPrefix","value":"` + path + `"}}],` + rest + `}`
	}
	found := world(t, []string{gatewayOf("main", plainListener)}, []string{routeOf("filters", `"rules":[`+strings.Join([]string{
		rule("/headers", `"filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"X-Added","value":"set"}],"add":[{"name":"X-Added","value":"added"}]}},
      {"type":"ResponseHeaderModifier","responseHeaderModifier":{"remove":["X-Pod"],"set":[{"name":"X-Seen","value":"yes"}]}}],`+to("front")),
		rule("/removed", `"filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"remove":["x-added"]}}],`+to("front")),
		rule("/prefix", `"filters":[{"type":"URLRewrite","urlRewrite":{"hostname":"inside.example","path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/new/"}}}],`+to("front")),
		rule("/cut", `"filters":[{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/"}}}],`+to("front")),
		rule("/full", `"filters":[{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplaceFullPath","replaceFullPath":"/whole"}}}],`+to("front")),
		rule("/secure", `"filters":[{"type":"RequestRedirect","requestRedirect":{"scheme":"https","statusCode":301}}]`),
		rule("/moved", `"filters":[{"type":"RequestRedirect","requestRedirect":{"hostname":"new.example","port":8080,"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/here"}}}]`),
		rule("/limited", `"timeouts":{"request":"50ms"},`+to("slow")),
		rule("/unlimited", `"timeouts":{"request":"0s"},`+to("slow")),
		rule("/nothing", `"filters":[]`),
	}, ",")+`]`)})
	table, _ := found.plan("10.0.0.1", time.Now(), opensAll)
	for _, probe := range []struct {
		path   string
		status int
		says   string
	}{
		{"/headers", 200, "front shop.example /headers set+added"},
		{"/removed", 200, "front shop.example /removed "},
		{"/prefix/a?b=c", 200, "front inside.example /new/a?b=c sent"},
		{"/cut", 200, "front shop.example / sent"},
		{"/cut/a", 200, "front shop.example /a sent"},
		{"/full/a", 200, "front shop.example /whole sent"},
		{"/secure/a?b=c", 301, "https://shop.example/secure/a?b=c"},
		{"/moved/a", 302, "http://new.example:8080/here/a"},
		{"/limited", 504, "504 Gateway Timeout\n"},
		{"/unlimited", 200, "slow shop.example /unlimited sent"},
		{"/nothing", 500, "500 Internal Server Error\n"},
	} {
		answer := ask(t, table, "GET", "http://shop.example"+probe.path, "X-Added", "sent")
		says := answer.Body.String()
		if to := answer.Header().Get("Location"); to != "" {
			says = to
		}
		if answer.Code != probe.status || says != probe.says {
			t.Errorf("%s is answered by %d %q, not by %d %q", probe.path, answer.Code, says, probe.status, probe.says)
		}
	}
	if headers := ask(t, table, "GET", "http://shop.example/headers").Header(); headers.Get("X-Pod") != "" || headers.Get("X-Seen") != "yes" {
		t.Errorf("The answer's headers are not changed: %v", headers)
	}
}
