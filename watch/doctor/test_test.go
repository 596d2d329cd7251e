package doctor_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch/doctor"
)

func now() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }

// host is a prober that answers as a test wants.
type host struct {
	seen doctor.Connection
	err  error
	date time.Time
}

func (h host) Connect(context.Context, string) (doctor.Connection, error) { return h.seen, h.err }

func (h host) Date(context.Context, string) (time.Time, error) {
	if h.date.IsZero() {
		return h.date, errors.New("none")
	}
	return h.date, nil
}

func down(layer exchange.Layer) error { return exchange.ErrorAt(exchange.SourceDown, layer, "no") }

// states gives the steps in one line: + ok, ! failed with its layer, - skipped.
func states(r doctor.Report) string {
	var shown []string
	for _, step := range r.Steps {
		switch step.State {
		case doctor.OK:
			shown = append(shown, "+")
		case doctor.Failed:
			shown = append(shown, "!"+string(step.Layer))
		default:
			shown = append(shown, "-")
		}
	}
	return strings.Join(shown, " ")
}

func TestSteps(t *testing.T) {
	t.Parallel()
	good := host{seen: doctor.Connection{Resolve: 1, Connect: 1, Handshake: 1, Secure: true, CertUntil: now().AddDate(1, 0, 0)}, date: now()}
	for name, c := range map[string]struct {
		host   host
		field  string
		sample error
		want   string
	}{
		"well":            {good, "", nil, "+ + + + + + +"},
		"no TLS":          {host{seen: doctor.Connection{Resolve: 1, Connect: 1}, date: now()}, "", nil, "+ + - + + + +"},
		"no name":         {host{err: down("dns")}, "", nil, "!dns - - - - - -"},
		"no connection":   {host{seen: doctor.Connection{Resolve: 1}, err: down("tcp")}, "", nil, "+ !tcp - - - - -"},
		"slow to connect": {host{seen: doctor.Connection{Resolve: 1}, err: &exchange.Error{Code: exchange.SourceTimeout}}, "", nil, "+ !time - - - - -"},
		"slow handshake":  {host{seen: doctor.Connection{Resolve: 1, Connect: 1}, err: &exchange.Error{Code: exchange.SourceTimeout}}, "", nil, "+ + !time - - - -"},
		"no certificate":  {host{seen: doctor.Connection{Resolve: 1, Connect: 1}, err: down("tls")}, "", nil, "+ + !tls - - - -"},
		"no date":         {host{seen: good.seen}, "", nil, "+ + + - + + +"},
		"skewed":          {host{seen: good.seen, date: now().Add(31 * time.Second)}, "", nil, "+ + + !clock + + +"},
		"signature":       {good, "", down("signature"), "+ + + + !signature - -"},
		"their clock":     {good, "", down("clock"), "+ + + + !clock - -"},
		"no right":        {good, "", down("credential"), "+ + + + - !credential -"},
		"500":             {good, "", &exchange.Error{Code: exchange.SourceDown}, "+ + + + - - !http"},
		"unreadable":      {good, "", &exchange.Error{Code: exchange.SourceInvalid}, "+ + + + - - !format"},
		"unknown person":  {good, "", &exchange.Error{Code: exchange.NoRecord}, "+ + + + + + !value"},
		"wrong value":     {good, "points", nil, "+ + + + + + !value"},
	} {
		r := doctor.Test(t.Context(), doctor.Patient{
			ID: "a", Hosts: []doctor.Host{{URL: "https://a", Prober: c.host}}, Clock: now,
			Sample: func(context.Context) (string, error) { return c.field, c.sample },
		})
		if got := states(r); got != c.want || r.Failed() != strings.Contains(c.want, "!") || r.Adapter != "a" {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		for _, step := range r.Steps {
			if (step.State == doctor.OK) == (step.Hint.Zh != "") || (step.Hint.Zh == "") != (step.Hint.En == "") {
				t.Errorf("%s: the hint of %+v", name, step)
			}
		}
	}
}

func TestWithoutAQuestionTheTestIsNotPassed(t *testing.T) {
	t.Parallel()
	r := doctor.Test(t.Context(), doctor.Patient{ID: "a", Clock: now})
	if states(r) != "- - - - - - -" || r.Failed() || r.Passed() {
		t.Errorf("%+v", r)
	}
}

func TestBundleIsCleaned(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	clean := func(data []byte) []byte { return bytes.ReplaceAll(data, []byte("secret"), []byte("***")) }
	if err := doctor.Bundle(&packed, now(), clean, doctor.File{Name: "a.txt", Data: []byte("a secret")}, doctor.File{Name: "b.txt"}); err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(&packed)
	if err != nil {
		t.Fatal(err)
	}
	archive, found := tar.NewReader(plain), map[string]string{}
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(archive)
		found[header.Name] = string(text)
	}
	if len(found) != 2 || found["zhengqiao-diagnostics/a.txt"] != "a ***" {
		t.Errorf("%v", found)
	}
}
