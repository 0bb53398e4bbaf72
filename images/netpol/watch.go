package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// event of a watch.
type event[T any] struct {
	Type   string `json:"type"`
	Object T      `json:"object"`
}

// kind of objects that the engine follows.
type kind[T any] struct {
	name string
	path string
	// replace and change are called with the store's lock held.
	replace func(objects []*T)
	change  func(object *T, gone bool)
	meta    func(object *T) *meta
}

// follow lists all objects of a kind and then keeps up with their changes. It always returns an error, also when the server just ended
// the watch; whoever calls it lists again then, and what is stored stays until that list is there.
func follow[T any](ctx context.Context, api *API, store *Store, kind kind[T]) error {
	objects, version, err := list(ctx, api, kind)
	if err != nil {
		return err
	}
	store.Change(func() {
		kind.replace(objects)
		store.listed[kind.name] = true
	})
	for {
		if version, err = watch(ctx, api, store, kind, version); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
	}
}

// list reads item by item, so that a long list takes little memory.
func list[T any](ctx context.Context, api *API, kind kind[T]) ([]*T, string, error) {
	body, err := get(ctx, api, kind.path, nil)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", kind.name, err)
	}
	defer body.Close()
	var header struct {
		ResourceVersion string `json:"resourceVersion"`
	}
	var objects []*T
	decoder := json.NewDecoder(body)
	if _, err := decoder.Token(); err != nil {
		return nil, "", err
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, "", err
		}
		switch key {
		case "metadata":
			err = decoder.Decode(&header)
		case "items":
			objects, err = items[T](decoder)
		default:
			var ignored json.RawMessage
			err = decoder.Decode(&ignored)
		}
		if err != nil {
			return nil, "", err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, "", err
	}
	if header.ResourceVersion == "" {
		return nil, "", fmt.Errorf("%s: a list without a version", kind.name)
	}
	return objects, header.ResourceVersion, nil
}

func items[T any](decoder *json.Decoder) ([]*T, error) {
	var objects []*T
	opening, err := decoder.Token()
	if err != nil || opening == nil {
		return nil, err
	}
	for decoder.More() {
		object := new(T)
		if err := decoder.Decode(object); err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	_, err = decoder.Token()
	return objects, err
}

// watch follows changes until the server ends it in good order, and returns the version to go on from.
func watch[T any](ctx context.Context, api *API, store *Store, kind kind[T], version string) (string, error) {
	query := url.Values{"watch": {"1"}, "allowWatchBookmarks": {"true"}, "resourceVersion": {version}}
	body, err := get(ctx, api, kind.path, query)
	if err != nil {
		return version, err
	}
	defer body.Close()
	decoder := json.NewDecoder(body)
	for {
		var next event[T]
		if err := decoder.Decode(&next); err == io.EOF {
			return version, nil
		} else if err != nil {
			return version, err
		}
		switch next.Type {
		case "ADDED", "MODIFIED", "DELETED":
			store.Change(func() { kind.change(&next.Object, next.Type == "DELETED") })
		case "BOOKMARK":
		default:
			return version, fmt.Errorf("the watch answers %q", next.Type)
		}
		version = kind.meta(&next.Object).ResourceVersion
	}
}

func get(ctx context.Context, api *API, path string, query url.Values) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, api.server+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Impersonate-User", account)
	response, err := api.http.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("the API server answers %s", response.Status)
	}
	return response.Body, nil
}
