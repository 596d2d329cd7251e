package matrix_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// computed gives the matrix of a policy folder and what is written down of it.
func computed(t *testing.T, files fstest.MapFS) (*matrix.Matrix, *matrix.Book) {
	t.Helper()
	draft, err := policies.ReadDraft(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	book, err := matrix.Read(files, draft.Data)
	if err != nil {
		t.Fatal(err)
	}
	program, err := trial.New(t.Context(), draft, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := matrix.Compute(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	return m, book
}

// TestWhatIsNotListedIsExpectedHidden: a field taken from a file, and a platform without a file, differ.
func TestWhatIsNotListedIsExpectedHidden(t *testing.T) {
	t.Parallel()
	files := authoringtest.Shipped(t)
	delete(files, "matrix/wechat-city.yaml")
	authoringtest.Edit(t, files, "matrix/thirdparty-mini.yaml", "fields: [status, mayDrive, validUntil, validity]", "fields: [status, mayDrive, validUntil]")
	m, book := computed(t, files)
	var third, wechat int
	for _, d := range book.Differences(m) {
		switch d.Section.Platform {
		case "thirdparty-mini":
			if third++; d.Field != "validity" || d.Want != matrix.Hidden || d.Is != matrix.Clear || d.Rule != "zhengqiao.masks.usual" {
				t.Errorf("unexpected: %s", d)
			}
		case "wechat-city":
			wechat++
		default:
			t.Errorf("unexpected: %s", d)
		}
	}
	if third != 2 || wechat < 100 { // own and other region
		t.Errorf("%d differences of one field, %d of a platform without a file", third, wechat)
	}
}

// TestSheetsComeBack: a sheet that is written says what is, so that the matrix differs in nothing from it.
func TestSheetsComeBack(t *testing.T) {
	t.Parallel()
	files := authoringtest.Shipped(t)
	m, _ := computed(t, files)
	for path := range files {
		platform, isSheet := strings.CutPrefix(path, "matrix/")
		if !isSheet {
			continue
		}
		var sheet bytes.Buffer
		if err := m.WriteSheet(&sheet, strings.TrimSuffix(platform, ".yaml")); err != nil {
			t.Fatal(err)
		}
		files = authoringtest.Add(files, path, sheet.String())
	}
	book, err := matrix.Read(files, m.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range book.Differences(m) {
		t.Error(d)
	}
}

// TestFaultsOfSheets: each mistake in a file is told with its line; an empty file is none yet.
func TestFaultsOfSheets(t *testing.T) {
	t.Parallel()
	m, _ := computed(t, authoringtest.Shipped(t))
	const head = "platform: suishenban\nsees:\n  reminder:\n    licence.query:\n      own:\n"
	for content, want := range map[string]string{
		"":                       "",
		"platform: nobody\n":     "m.yaml:1: nobody is no platform",
		"platfrom: suishenban\n": "m.yaml",
		"platform: suishenban\nsees:\n  remindr: {}\n":                               "m.yaml:3: remindr is no purpose",
		"platform: suishenban\nsees:\n  reminder:\n    licence.delete: {}\n":         "m.yaml:4: licence.delete is no operation",
		head + "        - {from: {}, fields: [name]}\n":                              "m.yaml:6: from which level",
		head + "        - {from: {sns: clear}, fields: [name]}\n":                    "m.yaml:6: sns is no level",
		head + "        - {from: {sms: none}, fields: [name]}\n":                     "m.yaml:6: none is no way of showing",
		head + "        - {from: {sms: clear}, fields: [bloodType]}\n":               "m.yaml:6: licence.query discloses no bloodType",
		head + "        - {from: {sms: clear}, fields: [name,\n            name]}\n": "m.yaml:7: name is at matrix/m.yaml:6 already",
		head + "        - {from: {sms: clear}, fields: [name]}\n      any: []\n":     "m.yaml:5: this is said at matrix/m.yaml:7 already",
		head + "        - {from: {sms: clear}, fields: [name]}\n      here: []\n":    "m.yaml:7: here is no region",
	} {
		_, err := matrix.Read(fstest.MapFS{"matrix/m.yaml": {Data: []byte(content)}}, m.Data)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", content, err, want)
		}
	}
}

// TestPage: the page needs nothing else, has both languages, and a sign and words in each cell beside its colour.
func TestPage(t *testing.T) {
	t.Parallel()
	m, _ := computed(t, authoringtest.Shipped(t))
	var out bytes.Buffer
	if err := m.WriteHTML(&out, "rev<1>"); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, foreign := range []string{"<script", "http:", "https:", "src=", "@import", "url("} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page has %s", foreign)
		}
	}
	for _, want := range []string{"rev&lt;1&gt;", `lang="zh-CN">随申办<`, `lang="en">Suishenban (Shanghai)<`, "身份证明号码", "assurance_too_low"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	cells := regexp.MustCompile(`<td class="(\w+)"><span aria-hidden="true">(.)</span> <span lang="zh-CN">([^<]+)</span><span lang="en">([^<]+)<`)
	sign := map[string]string{"clear": "●", "masked": "◐", "hidden": "○"}
	found := cells.FindAllStringSubmatch(page, -1)
	if len(found) != strings.Count(page, "<td") || len(found) < 1000 {
		t.Fatalf("%d cells of %d are marked", len(found), strings.Count(page, "<td"))
	}
	for _, cell := range found {
		if sign[cell[1]] != cell[2] {
			t.Errorf("a %s cell has the sign %s", cell[1], cell[2])
		}
	}
}

// TestOtherFormats: the table, the Markdown and the CSV tell the same.
func TestOtherFormats(t *testing.T) {
	t.Parallel()
	m, _ := computed(t, authoringtest.Shipped(t))
	var table, markdown, lines bytes.Buffer
	for _, err := range []error{m.WriteTable(&table), m.WriteMarkdown(&markdown), m.WriteCSV(&lines)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !regexp.MustCompile(`jiaoguan12123 · licence-business · licence.query · any\n.*\n.*\n  idNumber +- +- +- +strong +ordinary +clear\n`).Match(table.Bytes()) {
		t.Error("the table doesn't show the ID number as it is")
	}
	if !strings.Contains(markdown.String(), "| 身份证明号码 `idNumber` | - | - | - | strong | ordinary | clear |") {
		t.Error("the Markdown doesn't show the ID number as it is")
	}
	rows, err := csv.NewReader(&lines).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := "jiaoguan12123,licence-business,licence.query,other,bankcard,idNumber,ordinary,zhengqiao.masks.owner,"
	for _, row := range rows {
		if strings.Join(row, ",") == want {
			return
		}
	}
	t.Errorf("no row %s among %d", want, len(rows))
}

// FuzzRead: whatever a file holds, it is read or refused, and what is read has only known masks.
func FuzzRead(f *testing.F) {
	f.Add("platform: suishenban\nsees:\n  reminder:\n    licence.query:\n      own:\n        - {from: {sms: clear}, fields: [name]}\n")
	f.Add("sees: &a {reminder: *a}\n")
	draft, err := policies.ReadDraft(policies.Embedded(), sha256.New)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content string) {
		book, err := matrix.Read(fstest.MapFS{"matrix/m.yaml": {Data: []byte(content)}}, draft.Data)
		if err != nil {
			return
		}
		for _, section := range matrix.Sections(draft.Data) {
			for _, level := range matrix.Levels(draft.Data) {
				for field, mask := range book.Seen(matrix.Cell{Section: section, Level: level}) {
					if !mask.Known() {
						t.Errorf("%s is shown by %q", field, mask)
					}
				}
			}
		}
	})
}
