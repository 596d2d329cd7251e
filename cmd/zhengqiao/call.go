package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/client"
)

// Exit codes of call besides 1.
const (
	exitProblem   = 4 // the gateway answered, provably, with a problem
	exitUntrusted = 3 // something answered that is not provably the gateway
)

// callPaths gives the path behind each operation that can be called.
func callPaths() map[string]string {
	return map[string]string{
		"licence.query": "/v1/licences/query", "violations.query": "/v1/violations/query",
		"violations.picture": "/v1/violations/picture", "study.eligibility": "/v1/study/eligibility", "capabilities": "/v1/capabilities",
		"changes.report": client.ChangesPath, "changes.read": client.ChangesPath,
		"decisions.read": client.DecisionsPath,
	}
}

type callOptions struct {
	config, as, key, gatewayKey, url, language string
	ca, certificate, certificateKey, after     string
	id                                         string
	explain, encrypt                           bool
	limit, wait                                int
}

func callCommand() *cobra.Command {
	var o callOptions
	names := operationNames()
	command := &cobra.Command{
		Use:       "call OPERATION",
		Short:     "call a gateway as a platform: JSON on standard input, the verified answer on standard output",
		Long:      "Operations: " + strings.Join(names, ", ") + ".\nExit code 0: answered; 3: the answer is not provably the gateway's; 4: the gateway answered with a problem.",
		Args:      cobra.ExactArgs(1),
		ValidArgs: names,
		RunE:      func(command *cobra.Command, args []string) error { return o.run(command, args[0]) },
	}
	flags := command.Flags()
	flags.StringVar(&o.config, "config", "zhengqiao.yaml", "the gateway's configuration, for its address and the folder of the keys")
	flags.StringVar(&o.as, "as", "", "the calling platform's id, such as suishenban (required)")
	flags.StringVar(&o.key, "key", "", "the platform's private key; default keys/PLATFORM.key.pem beside the configuration")
	flags.StringVar(&o.gatewayKey, "gateway-key", "", "the gateway's public key; default keys/gateway.pub.pem beside the configuration")
	flags.StringVar(&o.url, "url", "", "the gateway's address; default: from the configuration")
	flags.StringVar(&o.language, "language", "zh-CN", "language of problems: zh-CN or en")
	flags.StringVar(&o.ca, "ca", "", "PEM file of the authorities that sign the gateway's TLS certificate; default: the system's")
	flags.StringVar(&o.certificate, "cert", "", "PEM file of our own TLS certificate, for a gateway that demands one")
	flags.StringVar(&o.certificateKey, "cert-key", "", "PEM file of its private key")
	flags.StringVar(&o.after, "after", "", "for changes.read: the cursor to read behind, an earlier answer's next; default: from the beginning")
	flags.IntVar(&o.limit, "limit", 0, "for changes.read: how many changes at most, 1 to 500; default: the gateway's 100")
	flags.IntVar(&o.wait, "wait", 0, "for changes.read: seconds to wait for news if there are none, up to 30")
	flags.StringVar(&o.id, "id", "", "for decisions.read: the decision's id, decision.id of an answer or a problem")
	flags.BoolVar(&o.encrypt, "encrypt", false, "send the question in an envelope for the gateway's key (SM2 and SM4-GCM)")
	flags.BoolVar(&o.explain, "explain", false, "show the signature bases, which are what was signed, on standard error")
	_ = command.MarkFlagRequired("as")
	command.MarkFlagsRequiredTogether("cert", "cert-key")
	return command
}

func operationNames() []string {
	var names []string
	for name := range callPaths() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (o callOptions) run(command *cobra.Command, operation string) error {
	path, ok := callPaths()[operation]
	if !ok {
		return fmt.Errorf("no operation %q; there are %s", operation, strings.Join(operationNames(), ", "))
	}
	caller, err := o.client()
	if err != nil {
		return err
	}
	reply, err := o.send(command, caller, operation, path)
	if errors.Is(err, client.ErrUntrusted) {
		return codedError{exitUntrusted, err}
	}
	if err != nil {
		return err
	}
	return o.show(command, reply)
}

// send asks; what is only read has nothing on standard input.
func (o callOptions) send(command *cobra.Command, caller *client.Client, operation, path string) (*client.Reply, error) {
	switch {
	case operation == "changes.read":
		return caller.Call(command.Context(), path+o.stretch(), nil)
	case operation == "decisions.read" && o.id == "":
		return nil, errors.New("decisions.read needs --id")
	case operation == "decisions.read":
		return caller.Decision(command.Context(), o.id)
	case operation == "capabilities":
		return caller.Call(command.Context(), path, nil)
	}
	body, err := io.ReadAll(io.LimitReader(command.InOrStdin(), 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	if operation == "changes.report" {
		return caller.Report(command.Context(), body)
	}
	return caller.Call(command.Context(), path, body)
}

// stretch is the query string of what of the feed is read.
func (o callOptions) stretch() string {
	query := url.Values{}
	if o.after != "" {
		query.Set("after", o.after)
	}
	for name, number := range map[string]int{"limit": o.limit, "wait": o.wait} {
		if number != 0 {
			query.Set(name, strconv.Itoa(number))
		}
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

func (o callOptions) show(command *cobra.Command, reply *client.Reply) error {
	if o.explain {
		fmt.Fprintf(command.ErrOrStderr(), "-- we signed\n%s\n-- the gateway signed, and its signature is right\n%s\n", reply.RequestBase, reply.SignedBase)
	}
	var shown bytes.Buffer
	if json.Indent(&shown, reply.Body, "", "  ") != nil {
		shown = *bytes.NewBuffer(reply.Body)
	}
	fmt.Fprintln(command.OutOrStdout(), shown.String())
	if !reply.OK() {
		return codedError{exitProblem, fmt.Errorf("the gateway answered %d %s", reply.Status, http.StatusText(reply.Status))}
	}
	return nil
}
