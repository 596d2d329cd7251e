package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// Exit codes of operators' commands, besides those of call.
const (
	exitIncomplete = 6 // what was ordered was not done whole: it paused itself, was stopped, or failed for some
	exitDiverged   = 7 // the platform holds something else than it should
)

// operatorOptions are the flags of every command that acts as an operator.
type operatorOptions struct {
	config, as, key, gatewayKey, url, language string
	json                                       bool
}

func (o *operatorOptions) flags(command *cobra.Command) {
	flags := command.PersistentFlags()
	flags.StringVar(&o.config, "config", "zhengqiao.yaml", "the gateway's configuration, for its operators' address and the folder of the keys")
	o.identityFlags(flags)
	_ = command.MarkPersistentFlagRequired("as")
}

// flagSet takes flags, of one command or of it with all below it.
type flagSet interface {
	StringVar(into *string, name, value, usage string)
	BoolVar(into *bool, name string, value bool, usage string)
}

// identityFlags say who acts, and on which gateway.
func (o *operatorOptions) identityFlags(flags flagSet) {
	flags.StringVar(&o.as, "as", "", "the operator's id, one of the configuration's operators (required)")
	flags.StringVar(&o.key, "key", "", "the operator's private key; default keys/OPERATOR.key.pem beside the configuration")
	flags.StringVar(&o.gatewayKey, "gateway-key", "", "the gateway's public key; default keys/gateway.pub.pem beside the configuration")
	flags.StringVar(&o.url, "gateway", "", "the running gateway's operators' address, such as http://10.0.0.5:9090; default: from the configuration")
	flags.StringVar(&o.language, "language", "zh-CN", "language of problems: zh-CN or en")
	flags.BoolVar(&o.json, "json", false, "print the gateway's last answer as JSON")
}

// requireReason adds the flag that says why; without it the command does nothing.
func requireReason(command *cobra.Command, into *string) {
	command.Flags().StringVar(into, "reason", "", "why, for the record, in one line (required)")
	_ = command.MarkFlagRequired("reason")
}

// operator acts on a running gateway.
type operator struct {
	*client.Client
	command *cobra.Command
	json    bool
	last    []byte // the gateway's last answer
}

// open loads the keys.
func (o *operatorOptions) open(command *cobra.Command) (*operator, error) {
	settings, err := config.Load(o.config, os.Environ())
	if err != nil {
		return nil, err
	}
	keyID, err := operatorKeyID(settings, o.as)
	if err != nil {
		return nil, err
	}
	wanted, err := identity(settings, keyID, orDefault(o.key, keyFile(o.as)), orDefault(o.gatewayKey, publicFile))
	if err != nil {
		return nil, err
	}
	wanted.BaseURL, wanted.Language = orDefault(o.url, settings.OpsURL()), o.language
	wanted.HTTP = &http.Client{Timeout: operatorTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	opened, err := client.New(wanted)
	return &operator{Client: opened, command: command, json: o.json}, err
}

// operatorTime bounds one call: a preview reads every parked delivery.
const operatorTime = 30 * time.Second

// operatorKeyID gives the operator's last listed key that is valid now.
func operatorKeyID(settings *config.Config, id string) (string, error) {
	found := ""
	for _, party := range settings.Operators {
		if party.ID == id {
			found = config.CurrentKey(party.Keys, time.Now())
		}
	}
	if found == "" {
		return "", fmt.Errorf("the configuration has no operator %q with a key that is valid now; make one with `zhengqiao keys new %s`, list it under operators and reload the gateway", id, id)
	}
	return found, nil
}

// get reads, post orders; the answer goes into into.
func (o *operator) get(ctx context.Context, path string, into any) error {
	return o.call(ctx, path, nil, into)
}

func (o *operator) post(ctx context.Context, path string, asked, into any) error {
	body, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	return o.call(ctx, path, body, into)
}

func (o *operator) call(ctx context.Context, path string, body []byte, into any) error {
	reply, err := o.Call(ctx, "/ops/v1"+path, body)
	switch {
	case errors.Is(err, client.ErrUntrusted):
		return codedError{exitUntrusted, fmt.Errorf("%w; is this the operators' address of a gateway that was started with operators in its configuration?", err)}
	case err != nil:
		return fmt.Errorf("%w; does the gateway run, and is --gateway its operators' address?", err)
	}
	o.last = reply.Body
	if !reply.OK() {
		return codedError{exitProblem, problemOf(reply)}
	}
	return json.Unmarshal(reply.Body, into)
}

// problemOf gives what the gateway says is wrong, and what to do.
func problemOf(reply *client.Reply) error {
	var p struct {
		Code, Title, Advice string
		Reasons             []struct {
			Code string
			Text struct{ ZH, EN string }
		}
		Pointers []struct {
			Pointer string
			Text    struct{ ZH, EN string }
		}
	}
	if json.Unmarshal(reply.Body, &p) != nil || p.Code == "" {
		return fmt.Errorf("the gateway answered %d %s", reply.Status, http.StatusText(reply.Status))
	}
	text := fmt.Sprintf("%s (%d): %s. %s", p.Code, reply.Status, p.Title, p.Advice)
	for _, reason := range p.Reasons {
		text += fmt.Sprintf("\n  %s: %s %s", reason.Code, reason.Text.ZH, reason.Text.EN)
	}
	for _, pointer := range p.Pointers {
		text += fmt.Sprintf("\n  %s: %s %s", orDefault(pointer.Pointer, "/"), pointer.Text.ZH, pointer.Text.EN)
	}
	return errors.New(text)
}

// say writes for people; with --json nothing but the last answer goes to standard output.
func (o *operator) say(format string, args ...any) {
	out := o.command.OutOrStdout()
	if o.json {
		out = o.command.ErrOrStderr()
	}
	fmt.Fprintf(out, format, args...)
}

// finish prints the last answer if JSON was asked for.
func (o *operator) finish() {
	if !o.json {
		return
	}
	var shown bytes.Buffer
	if json.Indent(&shown, o.last, "", "  ") == nil {
		fmt.Fprintln(o.command.OutOrStdout(), shown.String())
	}
}

// confirmed asks the operator to type a number, unless yes was given.
func (o *operator) confirmed(yes bool, number int) error {
	if yes {
		return nil
	}
	fmt.Fprintf(o.command.ErrOrStderr(), "Type %d to go on: ", number)
	var typed string
	if _, err := fmt.Fscanln(o.command.InOrStdin(), &typed); err == nil && strings.TrimSpace(typed) == fmt.Sprint(number) {
		return nil
	}
	return errors.New("not confirmed, nothing was done; type the number, or give --yes")
}
