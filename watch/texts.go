package watch

import "fmt"

// fault is what an operator is told of a layer: what is wrong there, and what to do.
type fault struct{ why, advice Text }

// faultAt gives the words for a layer. Whatever is not listed is said to be a failed call.
func faultAt(layer Layer) fault {
	words, known := map[Layer]fault{
		LayerDNS: {Text{"主机名无法解析", "the host name does not resolve"},
			Text{"检查设置中的地址和本机的域名解析", "check the address in the settings and this machine's name service"}},
		LayerTCP: {Text{"无法建立连接或连接中断", "no connection can be made, or it breaks"},
			Text{"检查网络、防火墙、端口和 settings.http.allow；与对方确认服务是否运行", "check the network, the firewall, the port and settings.http.allow; ask the platform whether it runs"}},
		LayerTLS: {Text{"TLS 握手失败或证书无效", "the TLS handshake fails, or the certificate is not valid"},
			Text{"检查对方证书的有效期、名称和签发机构（settings.http.tls），以及本方客户端证书", "check the end, name and authority of the platform's certificate (settings.http.tls) and our client certificate"}},
		LayerHTTP: {Text{"平台报告自身故障", "the platform says that it failed"},
			Text{"联系对方运维；网关会自行重试", "call the platform's operators; the gateway tries again by itself"}},
		LayerTime: {Text{"平台未在时限内应答", "the platform does not answer in time"},
			Text{"联系对方运维；查看时延曲线，必要时调整 settings.http.timeout", "call the platform's operators; look at the latency, and at settings.http.timeout if it is meant to be slow"}},
		LayerClock: {Text{"双方时钟不一致", "the two clocks disagree"},
			Text{"检查本机时间同步（NTP），再请对方核对时钟", "check this machine's time synchronisation (NTP), then ask the platform to check its clock"}},
		LayerSignature: {Text{"签名被拒绝或无法核验", "a signature is refused or does not verify"},
			Text{"核对密钥与密钥编号是否为对方登记的那一对", "compare key and key id with what the platform has registered"}},
		LayerCredential: {Text{"凭据被拒绝、过期或未获授权", "a credential is refused, has ended or lacks the right"},
			Text{"向对方申请新的凭据或授权，写入密钥文件后重启", "ask the platform for a new credential or grant, put it into the key file and restart"}},
		LayerFormat: {Text{"应答无法读取，与接口文档不符", "the answer can't be read: it is not what the interface document says"},
			Text{"请对方核对接口版本；对照 docs/assumptions.md 检查本适配器的假设", "ask the platform about its interface's version; check the adapter's assumptions in docs/assumptions.md"}},
		LayerValue: {Text{"探针驾驶证的值不正确", "the canary licence's values are wrong"},
			Text{"请对方核查数据；在查明之前考虑把该来源从路由中移除", "ask the platform to check its data; consider taking the source out of the routes until it is clear"}},
		LayerData: {Text{"数据过旧", "the data is too old"},
			Text{"请对方检查同步；查看积压与搁置的变更", "ask the platform about its synchronisation; look at the backlog and the parked changes"}},
		LayerDisk: {Text{"网关自身的存储不能写入", "the gateway's own storage can't be written"},
			Text{"立即腾出磁盘空间或提高 journal.maxBytes，然后重启", "make room on the disk or raise journal.maxBytes at once, then restart"}},
	}[layer]
	if !known {
		return fault{Text{"调用失败", "calls fail"}, Text{"查看日志中的 error 字段", "see the field error in the log"}}
	}
	return words
}

// Explain gives what is wrong at a layer and what to do.
func Explain(layer Layer) (why, advice Text) {
	words := faultAt(layer)
	return words.why, words.advice
}

// counted adds how many calls failed.
func (t Text) counted(failed Rate) Text {
	if failed.Tried == 0 {
		return t
	}
	bad := failed.Tried - failed.Worked
	return Text{fmt.Sprintf("%s（%d 次调用中失败 %d 次）", t.Zh, failed.Tried, bad), fmt.Sprintf("%s (%d of %d calls failed)", t.En, bad, failed.Tried)}
}

// with adds a detail that is the same in both languages.
func (t Text) with(detail string) Text {
	if detail == "" {
		return t
	}
	return Text{t.Zh + "：" + detail, t.En + ": " + detail}
}

func bothf(zh, en string, args ...any) Text {
	return Text{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}
