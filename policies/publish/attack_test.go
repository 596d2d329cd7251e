package publish_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// entry is one entry of an archive as an attacker writes it.
type entry struct {
	tar.Header
	content string
}

// unpack gives the entries of a bundle in order.
func unpack(t testing.TB, packed []byte) []entry {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry{*header, string(content)})
	}
}

func repack(t testing.TB, all []entry) []byte {
	t.Helper()
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for _, e := range all {
		if e.Typeflag == tar.TypeReg {
			e.Size = int64(len(e.content))
		}
		if err := writer.WriteHeader(&e.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(writer, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return zip(t, archive.Bytes(), nil)
}

func zip(t testing.TB, content []byte, header *gzip.Header) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if header != nil {
		writer.Header = *header
	}
	if _, err := writer.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func unzip(t testing.TB, packed []byte) []byte {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func plain(name, content string) entry {
	return entry{tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Format: tar.FormatUSTAR}, content}
}

// edit changes the text of one entry.
func edit(name, old, replacement string) func([]entry) []entry {
	return func(all []entry) []entry {
		for i := range all {
			if all[i].Name == name {
				all[i].content = strings.Replace(all[i].content, old, replacement, 1)
			}
		}
		return all
	}
}

// with adds an entry in the order of names.
func with(e entry) func([]entry) []entry {
	return func(all []entry) []entry {
		all = append(all, e)
		slices.SortStableFunc(all, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
		return all
	}
}

func without(name string) func([]entry) []entry {
	return func(all []entry) []entry {
		return slices.DeleteFunc(all, func(e entry) bool { return e.Name == name })
	}
}

func typed(name string, kind byte, target string) entry {
	return entry{tar.Header{Typeflag: kind, Name: name, Linkname: target, Mode: 0o777, Format: tar.FormatUSTAR}, ""}
}

// TestAttackBundles: whatever is done to a good bundle, it is refused for the right reason, nothing is rehearsed, and nothing comes into
// force. What each attack does would have an effect on a reader that is less strict.
func TestAttackBundles(t *testing.T) {
	t.Parallel()
	o := theOffice(t)
	good := encode(t, o.draft(t, edited(t, "good"), noon, "wang.fang", "zhao.min"))
	archive := unzip(t, good)
	entries := map[string]struct {
		attack func([]entry) []entry
		code   publish.Code
	}{
		"a rule edited":               {edit("policies/subject.rego", "request.few_vehicles", "true"), publish.Tampered},
		"a file left out":             {without("policies/subject.rego"), publish.Tampered},
		"a rule added":                {with(plain("policies/zz.rego", "package zhengqiao.zz\n")), publish.Tampered},
		"a space added":               {edit("policies/subject.rego", "package", "package "), publish.Tampered},
		"a limit edited":              {edit("policies/data/limits.yaml", "ageOfConsent: 14", "ageOfConsent: 10"), publish.Tampered},
		"statement edited":            {edit("statement.json", `"note": "a test"`, `"note": "a tent"`), publish.WrongSignature},
		"later by statement":          {edit("statement.json", `"sequence": 1`, `"sequence": 2`), publish.Malformed},
		"statement with more":         {edit("statement.json", `"format": 1,`, `"format": 1, "widens": false,`), publish.Malformed},
		"statement with one twice":    {edit("statement.json", `"format": 1,`, `"format": 1, "format": 1,`), publish.Malformed},
		"statement of another format": {edit("statement.json", `"format": 1,`, `"format": 2,`), publish.Malformed},
		"unsigned":                    {edit("signatures.json", "[", "[]\n\n["), publish.Malformed},
		"signatures gone":             {without("signatures.json"), publish.Unsigned},
		"statement gone":              {without("statement.json"), publish.Unsigned},
		"delta bundle":                {with(plain("patch.json", `{"data":[{"op":"upsert","path":"/limits/ageOfConsent","value":0}]}`)), publish.Delta},
		"OPA's signatures":            {with(plain(".signatures.json", `{"signatures":["e30.e30.e30"]}`)), publish.ForeignProof},
		"OPA's manifest":              {with(plain(".manifest", `{"revision":"x","roots":[""]}`)), publish.ForeignProof},
		"a key brought along":         {with(plain("verification.pem", "-----BEGIN PUBLIC KEY-----")), publish.ForeignProof},
		"extra file":                  {with(plain("policies/notes.txt", "hello")), publish.ExtraFile},
		"extra file beside":           {with(plain("run.sh", "#!/bin/sh")), publish.ExtraFile},
		"extra folder of files":       {with(plain("policies/more/zz.rego", "package zz")), publish.ExtraFile},
		"capital letters":             {with(plain("policies/Subject.rego", "package zhengqiao.subject")), publish.ExtraFile},
		"absolute path":               {with(plain("/etc/cron.d/zz", "* * * * * root true")), publish.BadPath},
		"path upwards":                {with(plain("policies/../../zz.rego", "package zz")), publish.BadPath},
		"path upwards at once":        {with(plain("../zz.rego", "package zz")), publish.BadPath},
		"path with a detour":          {with(plain("policies/./zz.rego", "package zz")), publish.BadPath},
		"path with backslashes":       {with(plain(`policies\..\zz.rego`, "package zz")), publish.BadPath},
		"symbolic link":               {with(typed("policies/zz.rego", tar.TypeSymlink, "/etc/passwd")), publish.NotRegular},
		"hard link":                   {with(typed("policies/zz.rego", tar.TypeLink, "statement.json")), publish.NotRegular},
		"device":                      {with(typed("policies/zz.rego", tar.TypeChar, "")), publish.NotRegular},
		"pipe":                        {with(typed("policies/zz.rego", tar.TypeFifo, "")), publish.NotRegular},
		"folder":                      {with(typed("policies/", tar.TypeDir, "")), publish.NotRegular},
		"a file twice, the same":      {with(plain("policies/subject.rego", string(base(t)["subject.rego"]))), publish.Duplicate},
		"a file twice, another":       {with(plain("policies/subject.rego", "package zhengqiao.subject\n\naccepted := true\n")), publish.Duplicate},
		"the statement twice":         {with(plain("statement.json", "{}")), publish.Duplicate},
		"a large file":                {with(plain("policies/zz.rego", strings.Repeat("#abcdefghijklmnop\n", 70000))), publish.TooLarge},
		"in another order":            {func(all []entry) []entry { slices.Reverse(all); return all }, publish.Malformed},
		"an owner":                    {func(all []entry) []entry { all[3].Uid = 7; return all }, publish.Malformed},
		"a time":                      {func(all []entry) []entry { all[3].ModTime = noon; return all }, publish.Malformed},
		"extended headers": {func(all []entry) []entry {
			all[3].Format = tar.FormatPAX
			all[3].PAXRecords = map[string]string{"zz.path": "policies/zz.rego"}
			return all
		}, publish.Malformed},
		"three thousand files":         {func(all []entry) []entry { return append(slices.Repeat(all[3:4], 3000), all...) }, publish.TooLarge},
		"a signature of a stranger":    {edit("signatures.json", `"party": "wang.fang"`, `"party": "he.hao"`), publish.UnknownSigner},
		"a signature by another's key": {edit("signatures.json", `"key": "wang.fang-1"`, `"key": "zhao.min-1"`), publish.UnknownSigner},
		"an approval as authorship":    {edit("signatures.json", `"role": "approver"`, `"role": "author"`), publish.UnknownSigner},
		"authorship as approval":       {edit("signatures.json", `"role": "author"`, `"role": "approver"`), publish.SelfApproval},
		"a role that isn't":            {edit("signatures.json", `"role": "approver"`, `"role": "anybody"`), publish.Malformed},
	}
	attacks := map[string]attack{
		"nothing":                  {nil, publish.Malformed},
		"no archive":               {[]byte("package zhengqiao.decision"), publish.Malformed},
		"a zip archive":            {[]byte("PK\x03\x04"), publish.Malformed},
		"cut short":                {good[:len(good)/2], publish.Malformed},
		"something behind":         {append(slices.Clone(good), "more"...), publish.Malformed},
		"another archive behind":   {append(slices.Clone(good), good...), publish.Malformed},
		"a name in the header":     {zip(t, archive, &gzip.Header{Name: "policies.tar"}), publish.Malformed},
		"a comment in the header":  {zip(t, archive, &gzip.Header{Comment: "trust me"}), publish.Malformed},
		"something in the archive": {zip(t, append(slices.Clone(archive), make([]byte, 1024)...), nil), publish.Malformed},
		"bomb of zeros":            {zip(t, make([]byte, 64<<20), nil), publish.TooLarge},
		"bomb below the ratio":     {append(zip(t, make([]byte, 30<<20), nil), make([]byte, 700<<10)...), publish.TooLarge},
		"too large as it is":       {make([]byte, publish.MaxPacked+1), publish.TooLarge},
		"approved by nobody":       {encode(t, o.draft(t, base(t), noon)), publish.Unsigned},
		"approved by an ended key": {encode(t, o.draft(t, base(t), noon, "wang.fang", "sun.li")), publish.KeyExpired},
		"of tomorrow":              {encode(t, o.draft(t, base(t), noon.Add(24*time.Hour), "wang.fang", "zhao.min")), publish.Ahead},
		"signatures of another":    {repack(t, swapped(t, good, encode(t, o.draft(t, edited(t, "other"), noon, "wang.fang", "zhao.min")))), publish.WrongSignature},
		"without the author":       {encode(t, unsignedByAuthor(t, o)), publish.Unsigned},
		"approved by an author":    {encode(t, approvedBy(t, o, "li.wei", "zhao.min")), publish.UnknownSigner},
	}
	for name, e := range entries {
		attacks[name] = attack{repack(t, e.attack(unpack(t, good))), e.code}
	}
	if r := newRig(t); true {
		if _, err := r.Publish(t.Context(), good); err != nil {
			t.Fatalf("the good bundle: %v", err)
		}
	}
	for name, a := range attacks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			_, err := r.Publish(t.Context(), a.packed)
			refused(t, err, a.code, "")
			if r.seen > 0 || len(r.acts) > 0 || r.standing.Sequence != 0 || len(r.bundles) > 0 {
				t.Errorf("it had an effect: %d rehearsals, %d acts, %+v", r.seen, len(r.acts), r.standing)
			}
		})
	}
}

type attack struct {
	packed []byte
	code   publish.Code
}

// swapped gives one bundle with the signatures of another.
func swapped(t testing.TB, one, other []byte) []entry {
	t.Helper()
	all := unpack(t, one)
	for _, e := range unpack(t, other) {
		if e.Name == "signatures.json" {
			for i := range all {
				if all[i].Name == e.Name {
					all[i].content = e.content
				}
			}
		}
	}
	return all
}

func unsignedByAuthor(t testing.TB, o *office) *publish.Bundle {
	t.Helper()
	b := o.draft(t, base(t), noon, "wang.fang", "zhao.min")
	b.Signatures = b.Signatures[1:]
	return b
}

// approvedBy gives a bundle of another author, approved by one who is no approver.
func approvedBy(t testing.TB, o *office, approver, author string) *publish.Bundle {
	t.Helper()
	files := base(t)
	b, err := publish.Pack(files, publish.NewStatement(files, smcrypto.NewSM3, author, "", "", noon), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	o.sign(t, b, publish.Author, author)
	o.sign(t, b, publish.Approver, approver)
	return b
}

// FuzzRead: no bytes do anything else than be refused, or be a bundle that is written again as it was read.
func FuzzRead(f *testing.F) {
	o := theOffice(f)
	good := encode(f, o.draft(f, publish.Files{"a.rego": []byte("package a\n"), "data/b.yaml": []byte("b: 1\n")}, noon, "wang.fang"))
	f.Add(unzip(f, good))
	f.Fuzz(func(t *testing.T, archive []byte) {
		b, err := publish.Read(bytes.NewReader(zip(t, archive, nil)), smcrypto.NewSM3)
		if err != nil {
			publish.CodeOf(err)
			return
		}
		if again := unzip(t, encode(t, b)); !bytes.Equal(again, archive) {
			t.Error("another archive of the same bundle")
		}
	})
}
