package main

import (
	"encoding/json"
	"net/http"
)

// handler takes the supervisor's commands:
// GET /ready (answers when all images are there), GET /services, POST /start (what does not run), POST /NAME/kill|stop|cont.
func (n *node) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", func(response http.ResponseWriter, _ *http.Request) {
		<-n.ready
		answer(response, nil, n.failure)
	})
	mux.HandleFunc("GET /services", func(response http.ResponseWriter, _ *http.Request) {
		n.lock.Lock()
		defer n.lock.Unlock()
		states := make([]State, 0, len(n.states))
		for _, service := range n.services() {
			if state := n.states[service.Name]; state != nil {
				states = append(states, *state)
			}
		}
		answer(response, states, nil)
	})
	mux.HandleFunc("POST /start", func(response http.ResponseWriter, _ *http.Request) {
		answer(response, nil, n.startAll())
	})
	mux.HandleFunc("POST /{name}/kill", func(response http.ResponseWriter, request *http.Request) {
		answer(response, nil, n.kill(request.PathValue("name")))
	})
	mux.HandleFunc("POST /{name}/stop", func(response http.ResponseWriter, request *http.Request) {
		answer(response, nil, n.pause(request.PathValue("name"), true))
	})
	mux.HandleFunc("POST /{name}/cont", func(response http.ResponseWriter, request *http.Request) {
		answer(response, nil, n.pause(request.PathValue("name"), false))
	})
	return mux
}

func answer(response http.ResponseWriter, body any, err error) {
	response.Header().Set("content-type", "application/json")
	if err != nil {
		response.WriteHeader(http.StatusInternalServerError)
		body = map[string]string{"error": err.Error()}
	}
	if body == nil {
		body = struct{}{}
	}
	_ = json.NewEncoder(response).Encode(body)
}
