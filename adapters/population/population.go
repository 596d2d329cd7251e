package population

import (
	"fmt"
	"io"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "population"

// register asks the population register.
type register struct {
	config      Config
	identity    identity
	appKey      string
	password    string
	responsible asker
	client      *outbound.Client
	secrets     *outbound.Rotating[string]
	clock       func() time.Time
	random      io.Reader
}

var _ exchange.IdentityMatcher = (*register)(nil)

// Open builds a source of this kind; it is an [outbound.Factory]. The source matches identities and nothing else. An error
// names the setting that is wrong.
func Open(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Source, error) {
	var config Config
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	r := &register{config: config.filled(), clock: deps.Filled().Clock, random: deps.Filled().Random}
	if err := r.readSecrets(deps.Secrets); err != nil {
		return nil, err
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	r.client, r.identity = client, identity{r.config.RequesterID, r.config.ServiceID}
	r.secrets = outbound.NewRotating(outbound.RotatingConfig[string]{Clock: r.clock, Fetch: r.refresh, Margin: margin})
	return &exchange.Source{ID: id, Kind: Kind, Region: region, Identities: r, Close: r.close}, nil
}

func (r *register) readSecrets(read func(reference string) (string, error)) error {
	for _, secret := range []struct {
		key, reference string
		into           *string
	}{
		{"appKey", r.config.AppKey, &r.appKey}, {"password", r.config.Password, &r.password},
		{"responsible.idNumber", r.config.Responsible.IDNumber, &r.responsible.idNumber},
	} {
		if secret.reference == "" {
			continue
		}
		value, err := read(secret.reference)
		if err != nil {
			return fmt.Errorf("%s: %w", secret.key, err)
		}
		*secret.into = value
	}
	r.responsible.name = r.config.Responsible.Name
	return nil
}

func (r *register) close() error {
	r.secrets.Close()
	return r.client.Close()
}
