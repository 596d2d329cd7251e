package zheliban_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	irs := func(change func(*zheliban.Config)) zheliban.Config {
		return changed(irsConfig("https://example.test"), change)
	}
	sharing := func(change func(*zheliban.Config)) zheliban.Config {
		return changed(sharingConfig("https://example.test"), change)
	}
	cases := []struct {
		key    string
		config zheliban.Config
	}{
		{"channel", zheliban.Config{}},
		{"irs.url", irs(func(c *zheliban.Config) { c.IRS.URL = "" })},
		{"irs.url", irs(func(c *zheliban.Config) { c.IRS.URL += "?appId=1" })},
		{"irs.url", irs(func(c *zheliban.Config) { c.IRS.URL = "https://user@example.test/" })},
		{"irs.url", irs(func(c *zheliban.Config) { c.IRS.URL = "ftp://example.test/" })},
		{"irs.accessKey", irs(func(c *zheliban.Config) { c.IRS.AccessKey = "" })},
		{"irs.secretKey", irs(func(c *zheliban.Config) { c.IRS.SecretKey = "" })},
		{"sharing.url", sharing(func(c *zheliban.Config) { c.Sharing.URL = "example.test" })},
		{"sharing.path", sharing(func(c *zheliban.Config) { c.Sharing.Path = "001008/../app" })},
		{"sharing.dataSet", sharing(func(c *zheliban.Config) { c.Sharing.DataSet = "" })},
		{"sharing.dataSet", sharing(func(c *zheliban.Config) { c.Sharing.DataSet = ".." })},
		{"sharing.appKey", sharing(func(c *zheliban.Config) { c.Sharing.AppKey = "" })},
		{"sharing.appSecret", sharing(func(c *zheliban.Config) { c.Sharing.AppSecret = "" })},
		{"sharing.additional.projectId", sharing(func(c *zheliban.Config) { c.Sharing.Additional.ProjectID = "caseNo" })},
		{"assumedAge", irs(func(c *zheliban.Config) { c.AssumedAge = -time.Hour })},
		{"failures.E1", irs(func(c *zheliban.Config) { c.Failures = row.Failures{"E1": "nonsense"} })},
		{"timeout", irs(func(c *zheliban.Config) { c.HTTP.Timeout = -1 })},
	}
	for _, c := range cases {
		_, err := open(c.config, "secret", adaptertest.RightCredential, outbound.Deps{})
		if err == nil || !strings.Contains(err.Error(), c.key) || strings.Contains(err.Error(), "user@") {
			t.Errorf("%s: error %v", c.key, err)
		}
	}
}

func changed(config zheliban.Config, change func(*zheliban.Config)) zheliban.Config {
	change(&config)
	return config
}

func TestOpenSaysWhichSecretIsMissing(t *testing.T) {
	t.Parallel()
	missing := errors.New("no such file")
	for key, config := range map[string]zheliban.Config{
		"irs.secretKey": irsConfig("https://example.test"), "sharing.appSecret": sharingConfig("https://example.test"),
	} {
		_, err := zheliban.Open("demo", "330000", adaptertest.Settings(config), outbound.Deps{
			Secrets: func(string) (string, error) { return "", missing },
		})
		if !errors.Is(err, missing) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: error %v", key, err)
		}
	}
}

func TestOpenOffersLicencesOnly(t *testing.T) {
	t.Parallel()
	source, err := open(irsConfig("https://example.test"), "secret", adaptertest.RightCredential, outbound.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if source.Licences == nil || source.Violations != nil || source.Pictures != nil || source.Identities != nil {
		t.Error("the source offers something else than licences")
	}
	if source.ID != "zheliban-demo" || source.Kind != zheliban.Kind || source.Region != exchange.Region("330000") {
		t.Errorf("the source is %s of kind %s for %s", source.ID, source.Kind, source.Region)
	}
}
