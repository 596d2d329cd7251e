package suite

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Seconds  string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Seconds string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes a report in the XML that CI systems read: one suite for each kind of tests.
func (r *Report) WriteJUnit(w io.Writer) error {
	var all junitSuites
	for _, kind := range []string{Rego, Cases, Matrix} {
		all.Suites = append(all.Suites, r.junitSuite(kind))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r *Report) junitSuite(kind string) junitSuite {
	made := junitSuite{Name: "policy " + kind}
	seconds := 0.0
	for _, result := range r.Results {
		if result.Kind != kind {
			continue
		}
		one := junitCase{
			Name: result.Name, Class: "policy." + kind, File: result.Place, Seconds: fmt.Sprintf("%.3f", result.Took.Seconds()),
		}
		if len(result.Failures) > 0 {
			one.Failure = &junitFailure{Message: result.Failures[0], Text: strings.Join(result.Failures, "\n")}
			made.Failures++
		}
		seconds += result.Took.Seconds()
		made.Cases = append(made.Cases, one)
	}
	made.Tests, made.Seconds = len(made.Cases), fmt.Sprintf("%.3f", seconds)
	return made
}
