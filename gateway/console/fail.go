package console

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/watch"
)

var errBusy = errors.New("too many pages are open")

// Fault is what a page tells the visitor that he can mend: a status, and what to do.
type Fault struct {
	Status int
	Text   watch.Text
}

// Error gives the English text.
func (f *Fault) Error() string { return f.Text.En }

// guarded turns a panic into an error, so that one page's fault is no other's.
func (c *Console) guarded(v *Visit) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = exchange.Errorf(exchange.Internal, "panic with a %T at %s", cause, debug.Stack())
		}
	}()
	return c.serve(v)
}

// fail answers with the page of what went wrong. A stranger who wants a page is shown the entrance.
func (v *Visit) fail(err error) {
	v.failure = err
	if errors.Is(err, ErrStranger) && v.console.config.Entrance != nil && v.Method == http.MethodGet && !v.live() && v.URL.Path != ReturnPath {
		http.Redirect(v.writer, v.Request, enterPath+"?back="+url.QueryEscape(localPath(v.URL.RequestURI())), http.StatusSeeOther)
		return
	}
	fault := faultOf(err)
	v.status = fault.Status
	if fault.Status == http.StatusServiceUnavailable {
		v.writer.Header().Set("Retry-After", "5")
	}
	if err := v.render(v.console.templates[v.Language]["problem"], layoutName, fault); err != nil {
		http.Error(v.writer, http.StatusText(fault.Status), fault.Status)
	}
}

// faultOf says what a visitor is told of an error; the rest is for the log.
func faultOf(err error) *Fault {
	if told, ok := errors.AsType[*Fault](err); ok {
		return told
	}
	if refused, ok := errors.AsType[forbidden](err); ok {
		return refusal(refused)
	}
	for _, known := range knownFaults() {
		if errors.Is(err, known.is) {
			return &known.Fault
		}
	}
	switch exchange.CodeOf(err) {
	case exchange.NotFound:
		return &Fault{http.StatusNotFound, watch.Text{Zh: "没有这一项。", En: "There is no such thing."}}
	case exchange.Overloaded:
		return &Fault{http.StatusServiceUnavailable, watch.Text{Zh: "网关正忙，请稍后再试；没有执行任何操作。", En: "The gateway is busy. Try again in a moment; nothing was done."}}
	case exchange.RecordNotDurable:
		return &Fault{http.StatusServiceUnavailable, watch.Text{
			Zh: "无法写入持久记录，因此没有执行任何操作。请检查磁盘。", En: "The record could not be made durable, so nothing was done. Look at the disk.",
		}}
	}
	return &Fault{http.StatusInternalServerError, watch.Text{Zh: "程序出错，原因在日志中。", En: "Something went wrong; the log says why."}}
}

type knownFault struct {
	is error
	Fault
}

func knownFaults() []knownFault {
	return []knownFault{
		{errNotFound, Fault{http.StatusNotFound, watch.Text{Zh: "没有这个页面。", En: "There is no such page."}}},
		{errForeign, Fault{http.StatusForbidden, watch.Text{Zh: "请求来自其他网站，未予受理。", En: "Another site sent this request; it was not taken."}}},
		{errForm, Fault{http.StatusForbidden, watch.Text{Zh: "表单已失效，请返回并刷新页面后再提交。", En: "The form is not valid any more. Go back, load the page anew and send it again."}}},
		{errLarge, Fault{http.StatusRequestEntityTooLarge, watch.Text{Zh: "提交的内容过大，未予受理。", En: "What was sent is too large; it was not taken."}}},
		{errBusy, Fault{http.StatusServiceUnavailable, watch.Text{Zh: "打开的页面过多，此页不会自动更新。", En: "Too many pages are open; this one will not refresh itself."}}},
		{ErrStranger, Fault{http.StatusUnauthorized, watch.Text{Zh: "未能证明您的身份。", En: "Nothing proves who you are."}}},
		{ErrElsewhere, Fault{http.StatusMisdirectedRequest, watch.Text{Zh: "控制台不以此主机名提供服务。", En: "The console does not answer to this host name."}}},
	}
}

// refusal tells the policies' reasons, if they gave any.
func refusal(err forbidden) *Fault {
	fault := &Fault{http.StatusForbidden, watch.Text{Zh: "您的角色不允许此操作。", En: "Your roles do not allow this."}}
	if known, ok := errors.AsType[*exchange.Error](err.error); ok && len(known.Reasons) > 0 {
		fault.Text = watch.Text{Zh: known.Reasons[0].Text.ZH, En: known.Reasons[0].Text.EN}
	}
	return fault
}

// log writes the event of a request. It holds no query and no form; a path holds ids of the configuration, jobs and records.
func (c *Console) log(v *Visit, status int, elapsed time.Duration) {
	level := slog.LevelInfo
	list := []slog.Attr{
		slog.String("operator", v.Person.ID), slog.String("page", v.Page()), slog.String("method", v.Method), slog.Int("status", status),
		slog.Float64("elapsedMs", float64(elapsed.Microseconds())/1000),
	}
	if v.failure != nil {
		list = append(list, slog.String("error", personal.Mask(v.failure.Error(), v.Now)))
		level = slog.LevelWarn
	}
	if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
		level = slog.LevelError
	}
	c.config.Logger.LogAttrs(v.Context(), level, "console", list...)
}

// seen remembers the status of an answer.
type seen struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps the first status.
func (s *seen) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write is WriteHeader(200) if nobody said otherwise.
func (s *seen) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(p)
}

// Unwrap is for [http.ResponseController].
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }
