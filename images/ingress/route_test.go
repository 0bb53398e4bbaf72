package main

import (
	"encoding/json"
	"testing"
)

// read makes a cluster of what the API server would answer.
func read[T any](t *testing.T, texts ...string) []T {
	t.Helper()
	objects := make([]T, len(texts))
	for index, text := range texts {
		if err := json.Unmarshal([]byte(text), &objects[index]); err != nil {
			t.Fatal(err)
		}
	}
	return objects
}

func shop(t *testing.T, ingresses ...string) cluster {
	t.Helper()
	return cluster{
		ingresses: read[ingress](t, ingresses...),
		classes: read[ingressClass](t, `{"metadata":{"name":"nginx"},"spec":{"controller":"ckx.local/ingress"}}`,
			`{"metadata":{"name":"other"},"spec":{"controller":"else/where"}}`),
		services: read[service](t, `{"metadata":{"name":"web","namespace":"shop"},"spec":{"ports":[{"name":"http","port":80}]}}`,
			`{"metadata":{"name":"api","namespace":"shop"},"spec":{"ports":[{"port":8080}]}}`),
		slices: read[endpointSlice](t,
			`{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},"ports":[{"name":"http","port":8000}],
			  "endpoints":[{"addresses":["10.42.0.2"],"conditions":{"ready":true}},{"addresses":["10.42.0.3"],"conditions":{"ready":false}}]}`,
			`{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"api"}},"ports":[{"name":"","port":9000}],
			  "endpoints":[{"addresses":["10.42.1.2"]}]}`),
	}
}

const twoPaths = `{"metadata":{"name":"shop","namespace":"shop"},"spec":{"ingressClassName":"nginx","rules":[
  {"host":"shop.example","http":{"paths":[
    {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"name":"http"}}}},
    {"path":"/api","pathType":"Prefix","backend":{"service":{"name":"api","port":{"number":8080}}}},
    {"path":"/exact","pathType":"Exact","backend":{"service":{"name":"api","port":{"number":8080}}}},
    {"path":"/gone","pathType":"Prefix","backend":{"service":{"name":"gone","port":{"number":80}}}}]}},
  {"host":"*.wild.example","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}`

func TestRoutes(t *testing.T) {
	made, complaints := tableOf(shop(t, twoPaths))
	if len(complaints) > 0 {
		t.Fatal(complaints)
	}
	const web, api, none, unavailable = "10.42.0.2:8000", "10.42.1.2:9000", "none", ""
	for _, probe := range []struct{ host, path, leads string }{
		{"shop.example", "/", web},
		{"SHOP.example:30080", "/about", web},
		{"shop.example", "/api", api},
		{"shop.example", "/api/v1", api},
		{"shop.example", "/apiary", web},
		{"shop.example", "/exact", api},
		{"shop.example", "/exact/not", web},
		{"shop.example", "/gone", unavailable},
		{"other.example", "/", none},
		{"a.wild.example", "/x", web},
		{"a.b.wild.example", "/x", none},
		{"wild.example", "/x", none},
	} {
		leads := none
		if found := made.find(probe.host, probe.path); found != nil {
			leads = found.address()
		}
		if leads != probe.leads {
			t.Errorf("%s%s leads to %q, not to %q", probe.host, probe.path, leads, probe.leads)
		}
	}
}

func TestRewrites(t *testing.T) {
	rewriting := func(annotation, path string) string {
		return `{"metadata":{"name":"r","namespace":"shop","annotations":{"nginx.ingress.kubernetes.io/rewrite-target":"` + annotation + `"}},"spec":{
  "ingressClassName":"nginx","rules":[{"http":{"paths":[{"path":"` + path + `","pathType":"ImplementationSpecific","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}`
	}
	for _, probe := range []struct{ annotation, path, requested, asked string }{
		{"/", "/app", "/app", "/"},
		{"/", "/app", "/app/deep", "/"},
		{"/$2", "/app(/|$)(.*)", "/app/deep/er", "/deep/er"},
		{"/$2", "/app(/|$)(.*)", "/app", "/"},
	} {
		made, _ := tableOf(shop(t, rewriting(probe.annotation, probe.path)))
		found := made.find("any.example", probe.requested)
		if found == nil {
			t.Errorf("%s is not led anywhere", probe.requested)
		} else if asked := found.target(probe.requested); asked != probe.asked {
			t.Errorf("%s asks for %s, not %s", probe.requested, asked, probe.asked)
		}
	}
}

func TestClasses(t *testing.T) {
	of := func(class string) string {
		return `{"metadata":{"name":"one","namespace":"shop"},"spec":{` + class + `"defaultBackend":{"service":{"name":"web","port":{"number":80}}}}}`
	}
	found := shop(t, of(`"ingressClassName":"other",`), of(``), of(`"ingressClassName":"nginx",`))
	if made, _ := tableOf(found); len(made.mine) != 1 {
		t.Errorf("%d ingresses are served, not the one of this controller's class", len(made.mine))
	}
	found.classes[0].Metadata.Annotations = map[string]string{defaultClass: "true"}
	if made, _ := tableOf(found); len(made.mine) != 2 {
		t.Errorf("%d ingresses are served, not those of the class and of none", len(made.mine))
	}
}
