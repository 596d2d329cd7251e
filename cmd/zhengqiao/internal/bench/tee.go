package bench

import (
	"fmt"
	"io"
	"net/http"
)

// tee hands requests on and keeps the last reply as one HTTP message.
type tee struct {
	target string
	reply  []byte
}

func (t *tee) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request := r.Clone(r.Context())
	request.RequestURI = ""
	var err error
	if request.URL, err = request.URL.Parse(t.target + r.URL.Path); err == nil {
		err = t.pass(w, request)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func (t *tee) pass(w http.ResponseWriter, request *http.Request) error {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	media := response.Header.Get("Content-Type")
	t.reply = fmt.Appendf(nil, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", response.Status, media, len(body), body)
	w.Header().Set("Content-Type", media)
	w.WriteHeader(response.StatusCode)
	_, err = w.Write(body)
	return err
}
