package gateway

import (
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// signatureText says in both languages why a signature was refused. The English sentence is the refusal's own.
func signatureText(refusal httpsig.Refusal) exchange.Text {
	_, english, _ := strings.Cut(string(refusal), ": ")
	return exchange.Text{ZH: signatureTextZH(refusal), EN: english}
}

func signatureTextZH(refusal httpsig.Refusal) string {
	switch refusal {
	case httpsig.ErrInputMissing:
		return "没有 Signature-Input 字段。"
	case httpsig.ErrInputDoubled:
		return "Signature-Input 多于一行。"
	case httpsig.ErrSignatureMissing:
		return "没有 Signature 字段。"
	case httpsig.ErrSignatureDoubled:
		return "Signature 多于一行。"
	case httpsig.ErrNotCanonical:
		return "不是规范的序列化形式，或有重复的标签、参数。"
	case httpsig.ErrLabel:
		return "两个字段中只能有一个标签 sig1。"
	case httpsig.ErrComponents:
		return "所覆盖的部分或其顺序与规定不符。"
	case httpsig.ErrParameterMissing:
		return "缺少 created、nonce、keyid 或 tag。"
	case httpsig.ErrParameterUnknown:
		return "有规定之外的参数。"
	case httpsig.ErrParameterMalformed:
		return "参数的类型不对。"
	case httpsig.ErrTag:
		return "tag 不是 zhengqiao。"
	case httpsig.ErrAlgorithm:
		return "不是此密钥的算法。"
	case httpsig.ErrNonceFormat:
		return "nonce 须为 16 至 64 个 A-Z a-z 0-9 - _ 字符。"
	case httpsig.ErrDigestMissing:
		return "没有 Content-Digest 字段。"
	case httpsig.ErrDigestDoubled:
		return "Content-Digest 多于一行。"
	case httpsig.ErrDigestMalformed:
		return "Content-Digest 不是规范的形式。"
	case httpsig.ErrDigestAlgorithm:
		return "只能有一个摘要 sm3。"
	}
	return unprovedTextZH(refusal)
}

func unprovedTextZH(refusal httpsig.Refusal) string {
	switch refusal {
	case httpsig.ErrKeyUnknown:
		return "没有此 keyid。"
	case httpsig.ErrKeyNotValid:
		return "密钥尚未生效或已失效。"
	case httpsig.ErrAuthority:
		return "请求是为别的主机签名的。"
	case httpsig.ErrDigestMismatch:
		return "正文与签名时的不同。"
	case httpsig.ErrSignatureWrong:
		return "签名验证不通过。"
	case httpsig.ErrTooOld:
		return "created 过早。"
	case httpsig.ErrTooNew:
		return "created 过晚。"
	case httpsig.ErrBeforeStart:
		return "created 早于本节点启动的时间。"
	case httpsig.ErrReplayed:
		return "nonce 已经用过。"
	}
	return "签名字段不能读取。"
}
