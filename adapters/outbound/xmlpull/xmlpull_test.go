package xmlpull_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/xmlpull"
)

// read gives all pieces, texts beside each other as one.
func read(document string) ([]xmlpull.Piece, error) {
	r, err := xmlpull.New(document)
	if err != nil {
		return nil, err
	}
	var all []xmlpull.Piece
	for {
		piece, err := r.Next()
		if err != nil || piece.Kind == xmlpull.Done {
			return all, err
		}
		all = joined(all, piece)
	}
}

func joined(all []xmlpull.Piece, piece xmlpull.Piece) []xmlpull.Piece {
	last := len(all) - 1
	switch {
	case piece.Kind == xmlpull.Text && piece.Text == "":
		return all
	case piece.Kind == xmlpull.Text && last >= 0 && all[last].Kind == xmlpull.Text:
		all[last].Text += piece.Text
		return all
	}
	return append(all, piece)
}

// judged is what encoding/xml reads of the same document.
func judged(document string) ([]xmlpull.Piece, error) {
	decoder := xml.NewDecoder(strings.NewReader(document))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var all []xmlpull.Piece
	for depth := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			all = append(all, xmlpull.Piece{Kind: xmlpull.Start, Name: xmlpull.Name(token.Name)})
		case xml.EndElement:
			depth--
			all = append(all, xmlpull.Piece{Kind: xmlpull.End, Name: xmlpull.Name(token.Name)})
		case xml.CharData:
			if depth > 0 || len(bytes.TrimLeft(token, " \t\r\n\uFEFF")) > 0 {
				all = joined(all, xmlpull.Piece{Kind: xmlpull.Text, Text: string(token)})
			}
		}
	}
}

// accepted are documents that must be read.
func accepted() []string {
	return []string{
		`<a/>`, "\uFEFF<?xml version=\"1.0\" encoding=\"GBK\"?>\n<a b='1'>沪<b/></a>\n", `<a xmlns="u"><b xmlns=""/><c xmlns:d="v"><d:e/></c><d:e/></a>`,
		`<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x6caa;</a>`, "<a>1\r\n2\r3\n&#13;</a>", `<a><![CDATA[<b>&lt;]]]]><![CDATA[>]]></a>`,
		`<!-- c --><?target x?><a>1<!-- c -->2<?t?>3</a>`, `<x:a xmlns:x="u" y="&lt;>"  z = "'"></x:a >`, `<xml:a></xml:a>`, "<a\n\tb=\"\"\r\n/>",
		`<a.b-c_1>]] ></a.b-c_1>`, "\n <?xml  version='1.0' ?><a/>",
	}
}

// refused are documents of which nothing may be believed.
func refused() []string {
	return []string{
		``, ` `, `a`, `<a>`, `</a>`, `<a></b>`, `<a/><a/>`, `<a/>x`, `x<a/>`, `<a b=c/>`, `<a b/>`, `<a b="1"c="2"/>`, `<a b="<"/>`, `<a b="1/>`, `<a>&b;</a>`,
		`<a>&#0;</a>`, `<a>&#xD800;</a>`, `<a>&#x110000;</a>`, `<a>&#;</a>`, `<a>&lt</a>`, `<a>]]></a>`, `<a><!-- -- --></a>`, `<a><![CDATA[</a>`, `<![CDATA[]]><a/>`,
		`<!DOCTYPE a><a/>`, `<a><!DOCTYPE a></a>`, `<a><!ELEMENT a></a>`, "<a>\x00</a>", "<a>\x1f</a>", "<a>\uFFFF</a>", "<a>\xd5\xc5</a>", `<a:b:c/>`, `<:a/>`, `<a:/>`, `<1a/>`,
		`<沪/>`, `<xmlns:a/>`, `<xmlns/>`, `<?xml version="1.1"?><a/>`, `<a/><?xml version="1.0"?>`, `<a/><!-- c -->`, `<a`, `<a `, `< a/>`, `<a / >`, `<?t`, `<!--`,
		strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), `<a` + strings.Repeat(` b=""`, 65) + `/>`,
	}
}

func TestReadsAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	for _, document := range accepted() {
		got, err := read(document)
		want, wantErr := judged(document)
		if err != nil || wantErr != nil || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %v, %v\nwant %v, %v", document, got, err, want, wantErr)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, document := range refused() {
		if got, err := read(document); err == nil {
			t.Errorf("%.60q was read as %v", document, got)
		}
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]struct {
		text   string
		nested bool
	}{
		`<a>1<!-- c -->2<![CDATA[3]]></a>`: {"123", false}, `<a/>`: {"", false}, `<a>1<b>2<c/></b>3</a>`: {"13", true}, `<a><!-- c -->1</a>`: {"1", false},
	} {
		r, err := xmlpull.New(document)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		text, nested, err := r.Content()
		if last, lastErr := r.Next(); err != nil || lastErr != nil || last.Kind != xmlpull.Done || text != want.text || nested != want.nested {
			t.Errorf("%s: %q, %v, %v; then %v, %v", document, text, nested, err, last, lastErr)
		}
	}
}

// FuzzReader wants whatever is accepted to be what encoding/xml reads.
func FuzzReader(f *testing.F) {
	for _, document := range slices.Concat(accepted(), refused()) {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document string) {
		got, err := read(document)
		if err != nil {
			return
		}
		want, err := judged(document)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v, %v", got, want, err)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	document := `<?xml version="1.0" encoding="GBK"?><root><body><DrvPerson id="0">` + strings.Repeat("<zt>2024-03-01 08:30:00</zt>", 37) + `</DrvPerson></body></root>`
	b.ReportAllocs()
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if r, err := xmlpull.New(document); err != nil || r.Skip() != nil {
			b.Fatal(err)
		}
	}
}
