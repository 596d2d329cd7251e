package publish

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Code names why a bundle or an order is refused. It is a label of a metric: the list is closed.
type Code string

// The codes. Up to [Older] nothing of the bundle's policies has been read.
const (
	Malformed      Code = "malformed"       // not an archive of our form
	TooLarge       Code = "too_large"       // over a bound: bytes, ratio, entries
	BadPath        Code = "bad_path"        // absolute, with .., or not written in the one way
	NotRegular     Code = "not_regular"     // a link, a device, a folder
	Duplicate      Code = "duplicate"       // a name twice
	ExtraFile      Code = "extra_file"      // a file that no policy folder has
	Delta          Code = "delta"           // a patch instead of the whole
	ForeignProof   Code = "foreign_proof"   // OPA's own signatures, manifest or settings of a verifier
	Unsigned       Code = "unsigned"        // a signature that must be there isn't
	Tampered       Code = "tampered"        // content and statement differ
	WrongSignature Code = "wrong_signature" // a signature that isn't its key's
	UnknownSigner  Code = "unknown_signer"  // nobody, or nobody who may
	KeyExpired     Code = "key_expired"     // a key that isn't valid at this time
	SelfApproval   Code = "self_approval"   // the author among the approvers, or one person twice
	NotApproved    Code = "not_approved"    // fewer approvals than the change needs
	Older          Code = "older"           // not newer than what was in force already
	Ahead          Code = "ahead"           // dated in the future
	NotInOrder     Code = "not_in_order"    // doesn't build, or fails its tests
	Exhausted      Code = "exhausted"       // ran against a bound of memory or time
	Unbounded      Code = "unbounded"       // no trial run, since a process can't be bounded here
	Superseded     Code = "superseded"      // somebody else activated first, or an order is about another revision
	NotRecorded    Code = "not_recorded"    // could not be put on record or on the board
	Unreachable    Code = "unreachable"     // the source gave no bundle
)

// Refusal is why a bundle or an order has no effect. The policies in force stay.
type Refusal struct {
	Code Code
	Err  error // in words, without content of the bundle
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Err.Error() }

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// Text says in Chinese and English what the code means and what to do.
func (r *Refusal) Text() exchange.Text { return texts()[r.Code] }

// CodeOf gives the code of an error's refusal, [NotRecorded] for any other error: those come from what keeps and tells.
func CodeOf(err error) Code {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal.Code
	}
	return NotRecorded
}

func refuse(code Code, format string, args ...any) error {
	return &Refusal{Code: code, Err: fmt.Errorf(format, args...)}
}

func texts() map[Code]exchange.Text {
	return map[Code]exchange.Text{
		Malformed:      {ZH: "不是策略包，或格式有误。请用 zhengqiao policy pack 重新打包。", EN: "Not a policy bundle, or damaged. Pack it anew with zhengqiao policy pack."},
		TooLarge:       {ZH: "策略包超出大小、压缩比或文件数的上限。", EN: "The bundle is over the bound of size, compression ratio or number of files."},
		BadPath:        {ZH: "策略包内的路径不合规。", EN: "A path in the bundle is absolute, leads out of it, or is not written in the one way."},
		NotRegular:     {ZH: "策略包内有链接或特殊文件。", EN: "The bundle holds a link or a special file."},
		Duplicate:      {ZH: "策略包内有同名文件。", EN: "The bundle holds a name twice."},
		ExtraFile:      {ZH: "策略包内有策略目录之外的文件。", EN: "The bundle holds a file that no policy folder has."},
		Delta:          {ZH: "不接受增量包。请发布完整的策略包。", EN: "Patches are not taken. Publish the whole bundle."},
		ForeignProof:   {ZH: "策略包带有其他验证方式的签名或设置，不予采用。", EN: "The bundle brings signatures or settings of another verifier, which count for nothing here."},
		Unsigned:       {ZH: "策略包缺少作者或审批人的签名。", EN: "The bundle lacks the signature of its author or of an approver."},
		Tampered:       {ZH: "策略包内容与所签声明不一致。", EN: "The content is not what was signed. Pack and approve anew."},
		WrongSignature: {ZH: "签名无效。", EN: "A signature is not that of its key over this statement."},
		UnknownSigner:  {ZH: "签名人未登记，或无权签此策略。", EN: "A signer is not registered, or may not sign this."},
		KeyExpired:     {ZH: "签名所用密钥不在有效期内。", EN: "A key is not valid at this time."},
		SelfApproval:   {ZH: "作者不得自批，一人不得重复审批。", EN: "An author can't approve his own policies, and nobody approves twice."},
		NotApproved:    {ZH: "审批人数不足：扩大可见范围须两人审批。", EN: "Not enough approvals: what widens what anybody sees needs two, anything else one."},
		Older:          {ZH: "不比已生效的新。请基于当前策略重新打包。", EN: "Not newer than what was in force. Pack anew."},
		Ahead:          {ZH: "打包时间晚于网关时钟。请校准时钟。", EN: "Dated ahead of the gateway's clock. Set the clocks right."},
		NotInOrder:     {ZH: "策略未通过检查或测试。", EN: "The policies don't build or don't pass their own tests."},
		Exhausted:      {ZH: "试运行超出内存或时间上限。", EN: "The trial run went over its bound of memory or time."},
		Unbounded:      {ZH: "网关无法限制试运行的资源，因此未试运行，也未生效。请检查操作系统与容器的限制。", EN: "A trial run could not be bounded here, so there was none. Look at the limits of the system or container."},
		Superseded:     {ZH: "已有其他版本先行生效。", EN: "Another revision came into force meanwhile."},
		NotRecorded:    {ZH: "未能留痕或写入，未生效。", EN: "It could not be put on record, so it has no effect."},
		Unreachable:    {ZH: "策略来源不可用。", EN: "The source of policies gave none."},
	}
}

// Codes gives every code, sorted.
func Codes() []Code { return slices.Sorted(maps.Keys(texts())) }
