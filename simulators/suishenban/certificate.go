package suishenban

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// certificates remembers whose certificate an id stands for.
type certificates struct {
	mu      sync.Mutex
	holders map[string]string // identity number by certUuid
}

// certUUID names a certificate by file and card: a replaced card is another certificate.
func certUUID(licence citizen.Licence) string {
	digest := sha256.Sum256([]byte(licence.FileNumber + licence.CardNumber))
	return hex.EncodeToString(digest[:16])
}

func (c *certificates) remember(uuid, idNumber string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holders == nil {
		c.holders = map[string]string{}
	}
	c.holders[uuid] = idNumber
}

func (c *certificates) holder(uuid string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.holders[uuid]
}

// existence answers whether the library holds a driving licence of this holder.
func (p *platform) existence(call standin.Call, asked question) standin.Reply {
	if asked.HolderType != "居民身份证" || asked.HolderCode == "" {
		return fail(call, errorParameter, "持证主体类型或代码错误")
	}
	person, known := p.registry.Find(asked.HolderCode)
	if known && person.Name != asked.HolderName {
		return fail(call, errorHolderName, "持证主体名称不匹配")
	}
	if asked.CatMainCode != p.config.CatMainCode || !held(person) {
		return succeed(call, map[string]any{"exist": false})
	}
	uuid := certUUID(person.Licence)
	p.certificates.remember(uuid, person.IDNumber)
	return succeed(call, map[string]any{"exist": true, "certUuid": uuid})
}

// held tells whether the library holds a licence of the person.
func held(person citizen.Citizen) bool {
	return person.Licensed() && person.Licence.Province() == province
}

// original answers the face data of a certificate that was asked for before. The certificate of a card that has been
// replaced since is no longer there.
func (p *platform) original(call standin.Call, asked question) standin.Reply {
	holder := p.certificates.holder(asked.CertUUID)
	person, known := p.registry.Find(holder)
	if !known || !held(person) || certUUID(person.Licence) != asked.CertUUID {
		return fail(call, errorNotFound, "证照不存在")
	}
	shown, _ := call.Subject(p.registry, holder)
	data := shown.LicenceRow().Upper()
	data["HOLDERCODE"], data["HOLDERNAME"] = shown.IDNumber, shown.Name
	data["VALIDSTARTDAY"], data["VALIDENDDAY"] = citizen.Day(shown.Licence.ValidFrom), validEnd(shown.Licence)
	data["CD_TIME"] = citizen.Moment(call.Synchronised(p.config.syncLag()))
	return succeed(call, data)
}

func validEnd(licence citizen.Licence) string {
	if licence.LongTerm() {
		return "长期"
	}
	return citizen.Day(licence.ValidUntil)
}
