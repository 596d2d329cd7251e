package exchange

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	down := Errorf(SourceDown, "dial: %w", io.EOF)
	cases := map[Code]error{
		"":            nil,
		Internal:      io.EOF,
		SourceDown:    down,
		SourceTimeout: &Error{Code: SourceTimeout, Err: down}, // the outermost code is the one meant
		NoRecord:      fmt.Errorf("read: %w", errors.Join(io.EOF, &Error{Code: NoRecord})),
	}
	for want, err := range cases {
		if got := CodeOf(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
	if !errors.Is(fmt.Errorf("ask: %w", down), io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	cases := map[string]*Error{
		"no-such-record":                   {Code: NoRecord},
		"no-such-record (tmri-sh)":         {Code: NoRecord, Source: "tmri-sh"},
		"source-down (tmri-sh): EOF":       {Code: SourceDown, Source: "tmri-sh", Err: io.EOF},
		"internal: encode the answer: EOF": Errorf(Internal, "encode the answer: %w", io.EOF),
	}
	for want, err := range cases {
		if err.Error() != want {
			t.Errorf("%q, want %q", err.Error(), want)
		}
	}
}

func TestAsErrorLeavesTheSharedOneAlone(t *testing.T) {
	t.Parallel()
	shared := &Error{Code: SourceDown, Err: io.EOF}
	for _, err := range []error{shared, fmt.Errorf("ask: %w", shared)} {
		shown := asError(err)
		shown.Source = "tmri-sh"
		if shared.Source != "" || shown.Code != SourceDown || !errors.Is(&shown, io.EOF) {
			t.Errorf("%v became %v", err, &shown)
		}
	}
	if shown := asError(io.EOF); shown.Code != Internal || !errors.Is(&shown, io.EOF) {
		t.Errorf("%v", &shown)
	}
}

func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	codes := everyCode()
	slices.Sort(codes)
	if len(slices.Compact(slices.Clone(codes))) != 33 || codes[0] == "" {
		t.Errorf("%v", codes)
	}
}
