package connectors

import (
	"context"
	"fmt"
	"maps"
	"net/http"
)

// send fills in a request and sends it.
func (b *boundCall) send(ctx context.Context, f filler, q declaredRequest, more http.Header, success func(int) bool) (int, map[string]any, error) {
	request, err := f.request(q)
	if err != nil {
		return 0, nil, err
	}
	maps.Copy(request.Header, more)
	client := b.client
	if b.own != nil {
		base, err := f.address(b.own.address)
		if err == nil {
			base, err = BaseURL(base)
		}
		if err != nil {
			return 0, nil, Refuse(err)
		}
		client.Base = base
	}
	patient := *client.HTTP
	patient.Timeout = q.timeout
	client.HTTP = &patient
	answer, err := client.exchange(ctx, request, success)
	if err != nil {
		return 0, nil, err
	}
	response, err := responseOf(answer, client.Secrets)
	if err != nil && request.Method != http.MethodGet && request.Method != http.MethodHead {
		return 0, nil, Unsure(err)
	}
	if err != nil {
		return 0, nil, Refuse(err)
	}
	return answer.Status, response, nil
}

// request fills in a request.
func (f filler) request(q declaredRequest) (Request, error) {
	path, err := f.path(q.path)
	if err != nil {
		return Request{}, err
	}
	query, err := f.query(q.query)
	if err != nil {
		return Request{}, err
	}
	header, err := f.headers(q.headers)
	if err != nil {
		return Request{}, err
	}
	body, err := f.value(q.body)
	if err == nil && body != nil && sizeOf(body) > maxSent {
		err = Refuse(fmt.Errorf("the body is larger than %d MB", maxSent>>20))
	}
	return Request{Method: q.method, Path: path, Query: query, Header: header, Body: body}, err
}
