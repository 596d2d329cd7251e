package httpsig

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

const (
	goodNonce      = "abcdefghijklmnop"
	goodParameters = `;created=1775001600;nonce="abcdefghijklmnop";keyid="suishenban-1";tag="zhengqiao"`
	goodInner      = "(" + requestComponents + ")" + goodParameters
)

// Every deviation that a stranger with a right key can send, correctly signed
// over what it says, has a refusal of its own.
func TestVerifyRefusesSignedDeviations(t *testing.T) {
	t.Parallel()
	inner := func(old, new string) string { return strings.Replace(goodInner, old, new, 1) }
	for name, c := range map[string]struct {
		inner string
		want  error
	}{
		"the profile itself":       {goodInner, nil},
		"parameters in any order":  {"(" + requestComponents + `);tag="zhengqiao";keyid="suishenban-1";nonce="abcdefghijklmnop";created=1775001600`, nil},
		"alg that agrees":          {goodInner + `;alg="sm2-sm3"`, nil},
		"alg that does not":        {goodInner + `;alg="ecdsa-p256-sha256"`, ErrAlgorithm},
		"alg as a token":           {goodInner + `;alg=sm2-sm3`, ErrParameterMalformed},
		"components reordered":     {inner(`"@method" "@authority"`, `"@authority" "@method"`), ErrComponents},
		"component missing":        {inner(` "@query"`, ""), ErrComponents},
		"component added":          {inner(`"content-digest")`, `"content-digest" "content-type")`), ErrComponents},
		"no components":            {"()" + goodParameters, ErrComponents},
		"component with parameter": {inner(`"content-digest"`, `"content-digest";key="sm3"`), ErrComponents},
		"expires":                  {goodInner + `;expires=1775001700`, ErrParameterUnknown},
		"own parameter":            {goodInner + `;x=1`, ErrParameterUnknown},
		"created missing":          {inner(";created=1775001600", ""), ErrParameterMissing},
		"nonce missing":            {inner(`;nonce="abcdefghijklmnop"`, ""), ErrParameterMissing},
		"keyid missing":            {inner(`;keyid="suishenban-1"`, ""), ErrParameterMissing},
		"tag missing":              {inner(`;tag="zhengqiao"`, ""), ErrParameterMissing},
		"created as text":          {inner("1775001600", `"1775001600"`), ErrParameterMalformed},
		"created as decimal":       {inner("1775001600", "1775001600.0"), ErrParameterMalformed},
		"created as date":          {inner("1775001600", "@1775001600"), ErrParameterMalformed},
		"keyid as bytes":           {inner(`"suishenban-1"`, ":c3Vpc2hlbmJhbi0x:"), ErrParameterMalformed},
		"tag as flag":              {inner(`;tag="zhengqiao"`, `;tag`), ErrParameterMalformed},
		"other tag":                {inner(`"zhengqiao"`, `"Zhengqiao"`), ErrTag},
		"nonce too short":          {inner(goodNonce, goodNonce[1:]), ErrNonceFormat},
		"nonce at the limit":       {inner(goodNonce, strings.Repeat("Z", 64)), nil},
		"nonce too long":           {inner(goodNonce, strings.Repeat("Z", 65)), ErrNonceFormat},
		"nonce with a blank":       {inner(goodNonce, "abcdefgh ijklmnop"), ErrNonceFormat},
		"nonce with @":             {inner(goodNonce, "abcdefgh@ijklmnop"), ErrNonceFormat},
		"nonce with [":             {inner(goodNonce, "abcdefgh[ijklmnop"), ErrNonceFormat},
		"unknown key":              {inner(`"suishenban-1"`, `"suishenban-9"`), ErrKeyUnknown},
		"expired key":              {inner(`"suishenban-1"`, `"old"`), ErrKeyNotValid},
		"key of tomorrow":          {inner(`"suishenban-1"`, `"next"`), ErrKeyNotValid},
		"wrapping key":             {inner(`"suishenban-1"`, `"wrap"`), ErrAlgorithm},
		"key of another party":     {inner(`"suishenban-1"`, `"weixin-1"`), ErrSignatureWrong},
		"created too old":          {inner("1775001600", "1775001539"), ErrTooOld},
		"created before 1970":      {inner("1775001600", "-1775001600"), ErrTooOld},
		"created too new":          {inner("1775001600", "1775001661"), ErrTooNew},
		"created at the end":       {inner("1775001600", "999999999999999"), ErrTooNew},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.signed(t)
			resign(t, &r, standardKey(t), c.inner)
			expectRefusal(t, b, r, c.want)
		})
	}
}

func expectRefusal(t *testing.T, b *bench, r Request, want error) {
	t.Helper()
	verified, err := b.verifier(t).Verify(context.Background(), r)
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if want != nil && verified.Party != "" {
		t.Errorf("a refused request names a party: %+v", verified)
	}
	// Nothing but an accepted request may occupy a nonce.
	if used := len(b.nonces.keys); want != nil && used != 0 {
		t.Errorf("%d nonces spent on a refused request", used)
	}
}

// What goes wrong in the fields themselves, by a client or on the way.
func TestVerifyRefusesAlteredFields(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*Request) {
		return func(r *Request) { r.Header[name] = []string{value} }
	}
	edit := func(name, old, new string) func(*Request) {
		return func(r *Request) {
			value := r.Header.Get(name)
			if !strings.Contains(value, old) {
				panic("test edits nothing: " + old)
			}
			r.Header[name] = []string{strings.Replace(value, old, new, 1)}
		}
	}
	double := func(name string) func(*Request) {
		return func(r *Request) { r.Header.Add(name, r.Header.Get(name)) }
	}
	repeat := func(name string) func(*Request) {
		return func(r *Request) { r.Header.Set(name, r.Header.Get(name)+", "+r.Header.Get(name)) }
	}
	sha := "sha-256=:" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + ":"
	for name, c := range map[string]struct {
		alter func(*Request)
		want  error
	}{
		"no input":                  {func(r *Request) { r.Header.Del(HeaderInput) }, ErrInputMissing},
		"no signature":              {func(r *Request) { r.Header.Del(HeaderSignature) }, ErrSignatureMissing},
		"no digest":                 {func(r *Request) { r.Header.Del(HeaderDigest) }, ErrDigestMissing},
		"two input lines":           {double(HeaderInput), ErrInputDoubled},
		"two signature lines":       {double(HeaderSignature), ErrSignatureDoubled},
		"two digest lines":          {double(HeaderDigest), ErrDigestDoubled},
		"input label repeated":      {repeat(HeaderInput), ErrNotCanonical},
		"sig label repeated":        {repeat(HeaderSignature), ErrNotCanonical},
		"digest repeated":           {repeat(HeaderDigest), ErrDigestMalformed},
		"parameter repeated":        {edit(HeaderInput, ";tag", ";created=1775001600;tag"), ErrNotCanonical},
		"second input label":        {func(r *Request) { r.Header.Set(HeaderInput, r.Header.Get(HeaderInput)+", sig2=()") }, ErrLabel},
		"second sig label":          {func(r *Request) { r.Header.Set(HeaderSignature, r.Header.Get(HeaderSignature)+", sig2=:AA==:") }, ErrLabel},
		"other input label":         {edit(HeaderInput, "sig1=", "sig2="), ErrLabel},
		"other sig label":           {edit(HeaderSignature, "sig1=", "sig2="), ErrLabel},
		"empty input":               {set(HeaderInput, ""), ErrLabel},
		"empty signature":           {set(HeaderSignature, ""), ErrLabel},
		"blank after semicolon":     {edit(HeaderInput, ";created", "; created"), ErrNotCanonical},
		"blank between":             {edit(HeaderInput, `" "@path"`, `"  "@path"`), ErrNotCanonical},
		"blank in front":            {edit(HeaderInput, "sig1", " sig1"), ErrNotCanonical},
		"input not a field":         {set(HeaderInput, "sig1=("), ErrMalformed},
		"parameters not a field":    {edit(HeaderInput, ";created", ";;created"), ErrMalformed},
		"input is an item":          {set(HeaderInput, "sig1=1;created=1"), ErrMalformed},
		"input too long":            {set(HeaderInput, `sig1=("`+strings.Repeat("a", maxInput)+`")`), ErrMalformed},
		"upper case component":      {edit(HeaderInput, "content-digest", "Content-Digest"), ErrComponents},
		"component is a token":      {edit(HeaderInput, `"@path"`, `path`), ErrComponents},
		"signature is text":         {set(HeaderSignature, `sig1="AAAA"`), ErrMalformed},
		"signature is a list":       {set(HeaderSignature, `sig1=(:AAAA:)`), ErrMalformed},
		"signature is empty":        {set(HeaderSignature, `sig1=::`), ErrMalformed},
		"signature unpadded":        {set(HeaderSignature, `sig1=:AA:`), ErrMalformed},
		"signature with loose bits": {set(HeaderSignature, `sig1=:AB==:`), ErrNotCanonical},
		"signature too long":        {set(HeaderSignature, "sig1=:"+strings.Repeat("AAAA", maxSignature/4)+":"), ErrMalformed},
		"signature of garbage":      {set(HeaderSignature, "sig1=:AAAA:"), ErrSignatureWrong},
		"trailing byte":             {trailingByte, ErrSignatureWrong},
		"digest sha-256 only":       {set(HeaderDigest, sha), ErrDigestAlgorithm},
		"digest two algorithms":     {func(r *Request) { r.Header.Set(HeaderDigest, r.Header.Get(HeaderDigest)+", "+sha) }, ErrDigestAlgorithm},
		"digest is text":            {set(HeaderDigest, `sm3="AAAA"`), ErrDigestMalformed},
		"digest too short":          {set(HeaderDigest, `sm3=:AAAA:`), ErrDigestMalformed},
		"digest with parameter":     {func(r *Request) { r.Header.Set(HeaderDigest, r.Header.Get(HeaderDigest)+";a") }, ErrDigestMalformed},
		"digest not a field":        {set(HeaderDigest, "sm3=:"), ErrDigestMalformed},
		"digest too long":           {set(HeaderDigest, strings.Repeat("a", maxInput+1)), ErrDigestMalformed},
		"body altered":              {func(r *Request) { r.Body = []byte("{}") }, ErrDigestMismatch},
		"body and digest altered":   {func(r *Request) { r.Body = []byte("{}"); r.Header.Set(HeaderDigest, ContentDigest(r.Body)) }, ErrSignatureWrong},
		"body dropped":              {func(r *Request) { r.Body = nil }, ErrDigestMismatch},
		"method altered":            {func(r *Request) { r.Method = "PUT" }, ErrSignatureWrong},
		"path altered":              {func(r *Request) { r.Path = "/v1/licences/changes" }, ErrSignatureWrong},
		"path escaped otherwise":    {func(r *Request) { r.Path = "/v1/licences/%71uery" }, ErrSignatureWrong},
		"query added":               {func(r *Request) { r.RawQuery = "a=1" }, ErrSignatureWrong},
		"host altered":              {func(r *Request) { r.Authority = "other.example" }, ErrAuthority},
		"nonce altered":             {edit(HeaderInput, `nonce="`, `nonce="x`), ErrSignatureWrong},
		"created altered":           {edit(HeaderInput, strconv.Itoa(moment), strconv.Itoa(moment+1)), ErrSignatureWrong},
		"key id altered":            {edit(HeaderInput, "suishenban-1", "weixin-1"), ErrSignatureWrong},
		"host in upper case":        {func(r *Request) { r.Authority = "GATEWAY.example" }, nil},
		"host with default port":    {func(r *Request) { r.Authority = "gateway.example:80" }, nil},
		"host with other port":      {func(r *Request) { r.Authority = "gateway.example:8080" }, ErrAuthority},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.signed(t)
			c.alter(&r)
			expectRefusal(t, b, r, c.want)
		})
	}
}

// trailingByte puts one byte after the DER sequence of the signature.
func trailingByte(r *Request) {
	signature, err := parseSignature(r.Header[HeaderSignature])
	if err != nil {
		panic(err)
	}
	r.Header.Set(HeaderSignature, byteMember(Label, append(signature, 0)))
}

// A store that fails or is full never lets a request through.
func TestVerifyNeedsItsNonceStore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.config.Nonces = NewMemoryNonces(1, at(moment))
	v := b.verifier(t)
	if _, err := v.Verify(context.Background(), b.signed(t)); err != nil {
		t.Fatal(err)
	}
	_, err := v.Verify(context.Background(), b.signed(t))
	if !errors.Is(err, ErrNonceStore) || !errors.Is(err, ErrNoncesFull) {
		t.Errorf("full store: %v", err)
	}
}

func TestRefusalClassAndCode(t *testing.T) {
	t.Parallel()
	for refusal, want := range map[Refusal]Class{
		ErrComponents: ClassMalformed, ErrDigestMissing: ClassMalformed,
		ErrSignatureWrong: ClassUntrusted, ErrKeyUnknown: ClassUntrusted, ErrUnbound: ClassUntrusted,
		ErrTooOld: ClassMoment, ErrReplayed: ClassMoment, ErrNonceStore: ClassUnavailable,
	} {
		if refusal.Class() != want {
			t.Errorf("%s: class %d", refusal.Code(), refusal.Class())
		}
		if strings.ContainsAny(refusal.Code(), ": ") || !strings.HasPrefix(string(refusal), refusal.Code()+": ") {
			t.Errorf("code %q of %q", refusal.Code(), refusal)
		}
	}
}

func TestConstructorsRefuse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, config := range map[string]VerifierConfig{
		"no keys":           {Nonces: b.nonces, Now: at(moment)},
		"no nonces":         {Keys: b.ring, Now: at(moment)},
		"no clock":          {Keys: b.ring, Nonces: b.nonces},
		"negative window":   {Keys: b.ring, Nonces: b.nonces, Now: at(moment), Window: -time.Second},
		"fractional window": {Keys: b.ring, Nonces: b.nonces, Now: at(moment), Window: time.Millisecond},
	} {
		if _, err := NewVerifier(config); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	var key Key = (*smcrypto.PrivateKey)(nil)
	for _, id := range []string{"", `a"b`, `a\b`, "钥", "a\nb"} {
		if _, err := NewSigner(id, key, at(moment), strings.NewReader("")); err == nil {
			t.Errorf("key id %q accepted", id)
		}
	}
	if _, err := NewAnswerVerifier(b.ring, "", at(moment)); err == nil {
		t.Error("answers of any party accepted")
	}
}
