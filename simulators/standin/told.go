package standin

import (
	"encoding/json"
	"net/http"

	"github.com/zhengqiao/zhengqiao/simulators/holding"
)

// Keeper is a platform that is told of licence changes and keeps them.
type Keeper interface {
	// Book gives what it holds.
	Book() *holding.Book
}

// Told gives what the platform was told of a citizen's licence: the state it shows, the version and when it learned of it.
// known is false for a platform that is told of no changes, too.
func (s *Server) Told(idNumber string) (held holding.Copy, known bool) {
	keeper, keeps := s.platform.(Keeper)
	if !keeps {
		return holding.Copy{}, false
	}
	return keeper.Book().Find(idNumber)
}

// told lists what the platform holds, after the licence ?after=, without saying whose it is.
func (s *Server) told(writer http.ResponseWriter, request *http.Request) {
	lines := []holding.Digest{}
	if keeper, keeps := s.platform.(Keeper); keeps {
		lines = keeper.Book().List(request.URL.Query().Get("after"), 1000)
	}
	respond(writer, lines)
}

// alter spoils a copy, so that a comparison has something to find.
func (s *Server) alter(writer http.ResponseWriter, request *http.Request) {
	var change struct{ Licence, Field, Value string }
	decoder := json.NewDecoder(http.MaxBytesReader(writer, request.Body, 16<<10))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&change); err != nil {
		http.Error(writer, err.Error(), http.StatusBadRequest)
		return
	}
	keeper, keeps := s.platform.(Keeper)
	if !keeps || !keeper.Book().Alter(change.Licence, change.Field, change.Value) {
		http.Error(writer, "no such copy", http.StatusNotFound)
		return
	}
	writer.WriteHeader(http.StatusNoContent)
}
