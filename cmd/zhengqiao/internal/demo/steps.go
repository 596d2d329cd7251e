package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

const (
	licencePath    = "/v1/licences/query"
	violationsPath = "/v1/violations/query"
	picturePath    = "/v1/violations/picture"
)

func (t *tour) steps() []step {
	queries := []step{
		{"随申办查询：一次签名请求，一次签名应答", "an allowed query: 随申办 asks, the traffic police's platform answers", t.allowed},
		{"第三方小程序查询同一人：可见字段更少，每个缺项都有理由", "the same citizen, asked by a platform that may see less", t.lessVisible},
		{"未处理的违法与记分分开列出，并取得图片", "violations: unprocessed ones apart from points, and a picture", t.violations},
		{"策略拒绝：说明理由，不询问任何来源", "a refusal with its reasons; no source was asked", t.refused},
		{"来源中断：上海改由证照库应答，新疆如实报告", "a source is down: Shanghai falls back to its certificate library, Xinjiang is told so", t.sourceDown},
		{"伪造签名：不予受理", "a forged signature", t.forged},
		{"留痕：凭证所指的记录已落盘，且可核对", "the record behind the receipt is on disk and can be checked", t.recorded},
	}
	return slices.Concat(queries, t.changeSteps(), t.repairSteps(), t.watchSteps())
}

func (t *tour) question(persona string) question { return about(t.personas[persona], time.Now()) }

func (t *tour) allowed(ctx context.Context) (string, error) {
	a, err := t.ask(ctx, "suishenban", licencePath, t.question("normal-shanghai").asLicence())
	if err != nil {
		return "", err
	}
	if err := a.expect(200, ""); err != nil {
		return "", err
	}
	if a.Licence["points"] != float64(3) || a.Licence["mayDrive"] != "yes" || a.Provenance.Source != "tmri" || a.Receipt.Index == nil {
		return "", fmt.Errorf("unexpected answer: points %v, mayDrive %v, source %s", a.Licence["points"], a.Licence["mayDrive"], a.Provenance.Source)
	}
	return fmt.Sprintf("%d fields, 3 points, may drive: yes, from %s, record %d", len(a.Licence), a.Provenance.Source, *a.Receipt.Index), nil
}

func (t *tour) lessVisible(ctx context.Context) (string, error) {
	full, err := t.ask(ctx, "suishenban", licencePath, t.question("normal-shanghai").asLicence())
	if err != nil {
		return "", err
	}
	less, err := t.ask(ctx, "thirdparty-mini", licencePath, t.question("normal-shanghai").asLicence())
	if err != nil {
		return "", err
	}
	if err := less.expect(200, ""); err != nil {
		return "", err
	}
	for _, hidden := range []string{"idNumber", "fileNumber", "address", "phone"} {
		if _, shown := less.Licence[hidden]; shown {
			return "", fmt.Errorf("a third party sees %s", hidden)
		}
	}
	if len(less.Licence) >= len(full.Licence) || len(less.Withheld) == 0 {
		return "", fmt.Errorf("a third party sees %d fields, 随申办 %d; %d withheld", len(less.Licence), len(full.Licence), len(less.Withheld))
	}
	return fmt.Sprintf("%d fields instead of %d; %d withheld, such as %s: %s", len(less.Licence), len(full.Licence), len(less.Withheld), less.Withheld[0].Field, less.Withheld[0].Code), nil
}

func (t *tour) violations(ctx context.Context) (string, error) {
	q := t.question("unprocessed-violations").asViolations()
	a, err := t.ask(ctx, "zheliban", violationsPath, q)
	if err != nil {
		return "", err
	}
	if err := a.expect(200, ""); err != nil {
		return "", err
	}
	if len(a.Unprocessed) != 2 || a.Unprocessed[0]["violationPoints"] != nil {
		return "", fmt.Errorf("%d unprocessed violations, points %v", len(a.Unprocessed), a.Unprocessed)
	}
	picture, err := t.ask(ctx, "zheliban", picturePath, map[string]any{
		"subject": q.Subject, "region": q.Region, "purpose": q.Purpose, "authentications": q.Authentications,
		"vehicle": q.Vehicles[0], "violationId": a.Unprocessed[0]["violationId"],
	})
	if err != nil {
		return "", err
	}
	if err := picture.expect(200, ""); err != nil {
		return "", err
	}
	if !bytes.HasPrefix(picture.Picture.Data, []byte{0xFF, 0xD8, 0xFF}) {
		return "", fmt.Errorf("the picture is no JPEG")
	}
	return fmt.Sprintf("%d with a decision, 2 not dealt with and without points; a picture of %d bytes", len(a.Processed), len(picture.Picture.Data)), nil
}

// refused asks for a reminder about a licence of another province, which only the licence's own sends.
func (t *tour) refused(ctx context.Context) (string, error) {
	q := t.question("normal-shanghai").asLicence()
	q.Purpose.Code = "reminder"
	a, err := t.ask(ctx, "zheliban", licencePath, q)
	if err != nil {
		return "", err
	}
	if err := a.expect(403, "policy-refused"); err != nil {
		return "", err
	}
	if a.Receipt.Index == nil {
		return "", errors.New("the refusal has no receipt")
	}
	if entry, _, err := t.gateway.Records().Read(ctx, *a.Receipt.Index); err != nil || len(entry.Attempts) > 0 {
		return "", errors.Join(err, fmt.Errorf("sources that were asked: %v", entry.Attempts))
	}
	var codes []string
	for _, reason := range a.Reasons {
		codes = append(codes, reason.Code)
	}
	if !slices.Contains(codes, "cross_province_not_allowed") || a.Receipt.Index == nil {
		return "", fmt.Errorf("reasons %v, receipt %v", codes, a.Receipt.Index)
	}
	return fmt.Sprintf("403 %s: %s; record %d", a.Code, strings.Join(codes, ", "), *a.Receipt.Index), nil
}

func (t *tour) sourceDown(ctx context.Context) (string, error) {
	faults := t.standIns.Platform("tmri").Faults()
	if err := faults.Set(fault.Fault{Kind: fault.ServerError}); err != nil {
		return "", err
	}
	defer faults.Clear()
	fallback, err := t.ask(ctx, "suishenban", licencePath, t.question("normal-shanghai").asLicence())
	if err != nil {
		return "", err
	}
	if err := fallback.expect(200, ""); err != nil {
		return "", err
	}
	if fallback.Provenance.Source != "suishenban" || !fallback.Provenance.Fallback {
		return "", fmt.Errorf("answered by %s", fallback.Provenance.Source)
	}
	down, err := t.ask(ctx, "jiaoguan12123", licencePath, t.question("minority-name").asLicence())
	if err != nil {
		return "", err
	}
	if err := down.expect(503, "source-down"); err != nil {
		return "", err
	}
	return "Shanghai: answered by the certificate library; Xinjiang: 503 source-down: " + down.Advice, nil
}

// forged signs with another platform's key under 随申办's key id.
func (t *tour) forged(ctx context.Context) (string, error) {
	forger, err := t.as("suishenban", "thirdparty-mini")
	if err != nil {
		return "", err
	}
	a, err := t.send(ctx, forger, licencePath, t.question("normal-shanghai").asLicence())
	if err != nil {
		return "", err
	}
	if err := a.expect(401, "signature-invalid"); err != nil {
		return "", err
	}
	return "401 signature-invalid: " + a.Advice, nil
}

func (t *tour) recorded(ctx context.Context) (string, error) {
	a, err := t.ask(ctx, "suishenban", licencePath, t.question("replaced-shanghai").asLicence())
	if err != nil {
		return "", err
	}
	if err := a.expect(200, ""); err != nil {
		return "", err
	}
	entry, digest, err := t.gateway.Records().Read(ctx, *a.Receipt.Index)
	if err != nil {
		return "", err
	}
	if digest != a.Receipt.Digest || entry.Platform != "suishenban" {
		return "", fmt.Errorf("record %d does not fit its receipt", *a.Receipt.Index)
	}
	return fmt.Sprintf("record %d: %s for %s, %d fields disclosed, SM3 %s…", *a.Receipt.Index, entry.Platform, entry.Purpose.Code, len(entry.Disclosed), digest[:16]), nil
}

// expect says what came instead; problems name no personal data, so they can be shown.
func (a *answer) expect(status int, code string) error {
	if a.status == status && a.Code == code {
		return nil
	}
	return fmt.Errorf("expected %d %s, got %d %s: %.400s", status, code, a.status, a.Code, a.body)
}
