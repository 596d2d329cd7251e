package playground

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// result is what the third pane shows: what came of a trial, or why there was none.
type result struct {
	Tried bool
	Told  watch.Text // instead of an outcome
	Again bool       // the same may work in a moment
	Outcome
}

// typed is what stands in the first two panes.
type typed struct {
	Revision, File, Text, Input string
}

// typedOf reads it. The file must be one of the policies in force: a new name could be read by other files' rules only.
func typedOf(v *console.Visit, texts map[string]string) (typed, error) {
	in := typed{v.PostForm.Get("revision"), v.PostForm.Get("editing"), lines(v.PostForm.Get("text")), lines(v.PostForm.Get("input"))}
	if _, ok := texts[in.File]; !ok {
		return typed{}, &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{
			Zh: "生效的策略中没有这个文件。", En: "The policies in force have no such file.",
		}}
	}
	return in, nil
}

// change is what was typed, with the visitor's draft beside it.
func (p *page) change(v *console.Visit, in typed) Change {
	files := p.drafts.Of(v.Person.ID).Files
	if files == nil {
		files = map[string]string{}
	}
	files[in.File] = in.Text
	return Change{Revision: in.Revision, Files: files, Input: in.Input, What: What(v.PostForm.Get("do"))}
}

// lines undoes what forms do to the ends of lines.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func busy() result {
	return result{Again: true, Told: watch.Text{
		Zh: "已有试算正在进行（每人一次，全部同时两次），请稍候再试。", En: "Other trials are under way (one at a time for each person, two in all). Try again in a moment.",
	}}
}

func exhausted() result {
	return result{Tried: true, Told: watch.Text{
		Zh: "试算超出了时间或内存的限度，已被终止；网关不受影响。请检查规则中的循环、嵌套推导或过大的数和文本。",
		En: "The trial met its bound of time or memory and was ended; the gateway is not affected. Look for nested comprehensions, and for numbers or texts that grow.",
	}}
}

// try tries a change out, if it is the visitor's turn.
func (p *page) try(v *console.Visit, c Change) (result, error) {
	turn := p.turns.take(v.Token())
	if turn == nil {
		return busy(), nil
	}
	defer p.turns.leave(v.Token())
	c.Progress = turn.tell
	answer, err := p.Try(v.Context(), c)
	if errors.Is(err, ErrExhausted) {
		return exhausted(), nil
	}
	r := result{Tried: true}
	if err == nil {
		err = json.Unmarshal(answer, &r.Outcome)
	}
	if err != nil {
		return result{}, fmt.Errorf("try a change of policies out: %w", err)
	}
	if r.Fault != nil && r.Fault.Kind == timeOut {
		return exhausted(), nil
	}
	return r, nil
}

// timeOut is the kind of fault of policies that took too long.
const timeOut = "time-out"
