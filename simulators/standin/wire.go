package standin

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// dripChunk is small enough that an answer of a few hundred bytes takes many steps.
const dripChunk = 16

// JSON makes an answer of a value, with the call's encoding faults applied. The value must be one that JSON can hold.
func JSON(call Call, status int, value any) Reply {
	text, err := json.Marshal(value)
	if err != nil {
		panic("standin: an answer cannot be written as JSON: " + err.Error())
	}
	return Reply{Status: status, ContentType: "application/json;charset=UTF-8", Body: call.Faults.Encode(text)}
}

// before lets the faults act that come ahead of the platform. It tells whether the call ended there.
func before(writer http.ResponseWriter, call Call) (stopped bool) {
	if wait := call.Faults.Duration(fault.Delay); !pause(call.Request.Context(), wait) {
		return true
	}
	if call.Faults.Has(fault.Refuse) {
		panic(http.ErrAbortHandler) // the server's own way of closing a connection without an answer
	}
	if call.Faults.Has(fault.ServerError) {
		writer.Header().Set("Content-Type", "text/html;charset=UTF-8")
		writer.WriteHeader(http.StatusInternalServerError)
		io.WriteString(writer, "<html><body><h1>HTTP Status 500 - Internal Server Error</h1></body></html>")
		return true
	}
	return false
}

// pause waits; it tells whether the caller is still there afterwards.
func pause(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// write sends the answer, with the faults that act on its bytes.
func write(writer http.ResponseWriter, call Call, reply Reply) {
	if call.Faults.Has(fault.Garbage) {
		reply.Status, reply.Body = http.StatusOK, []byte("\x00\x01 502 ]]> }{ \xfe\xff not an answer")
	}
	if call.Faults.Has(fault.ContentType) {
		reply.ContentType = "text/html;charset=UTF-8"
	}
	writer.Header().Set("Content-Type", reply.ContentType)
	switch {
	case call.Faults.Has(fault.Oversize):
		flood(writer, call, reply)
	case call.Faults.Has(fault.Cut):
		cut(writer, reply)
	case call.Faults.Has(fault.Drip):
		drip(writer, call, reply)
	default:
		writer.WriteHeader(reply.Status)
		writer.Write(reply.Body)
	}
}

// cut announces the whole answer and sends half of it.
func cut(writer http.ResponseWriter, reply Reply) {
	writer.Header().Set("Content-Length", strconv.Itoa(len(reply.Body)))
	writer.WriteHeader(reply.Status)
	writer.Write(reply.Body[:len(reply.Body)/2])
	http.NewResponseController(writer).Flush()
	panic(http.ErrAbortHandler)
}

func drip(writer http.ResponseWriter, call Call, reply Reply) {
	writer.WriteHeader(reply.Status)
	for rest := reply.Body; len(rest) > 0; {
		size := min(dripChunk, len(rest))
		writer.Write(rest[:size])
		rest = rest[size:]
		http.NewResponseController(writer).Flush()
		if !pause(call.Request.Context(), call.Faults.Duration(fault.Drip)) {
			return
		}
	}
}

// flood sends blanks, then the answer: a client without a limit would read on and in the end understand it. It stops when
// the client hangs up.
func flood(writer http.ResponseWriter, call Call, reply Reply) {
	setting, _ := call.Faults.Get(fault.Oversize)
	left := setting.Size
	if left == 0 {
		left = fault.DefaultSize
	}
	writer.WriteHeader(reply.Status)
	blanks := bytes.Repeat([]byte(" "), 32<<10)
	for ; left > 0; left -= int64(len(blanks)) {
		if _, err := writer.Write(blanks[:min(left, int64(len(blanks)))]); err != nil {
			return
		}
	}
	writer.Write(reply.Body)
}
