package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/caarlos0/env/v11"
)

// Prefix begins the name of every environment variable that overrides a value.
const Prefix = "ZHENGQIAO_"

// override takes single values from the environment, and refuses names with the prefix that mean nothing: a misspelt override
// would leave the file's value in force, silently.
func override(c *Config, environ []string) error {
	known, err := Variables()
	if err != nil {
		return err
	}
	values := env.ToMap(environ)
	if err := unknownNames(values, known); err != nil {
		return err
	}
	if err := env.ParseWithOptions(c, env.Options{Prefix: Prefix, Environment: values}); err != nil {
		return fmt.Errorf("override by environment: %w", err)
	}
	return nil
}

// Variables lists the names of all environment variables that override a value.
func Variables() ([]string, error) {
	fields, err := env.GetFieldParamsWithOptions(&Config{}, env.Options{Prefix: Prefix})
	if err != nil {
		return nil, fmt.Errorf("list the environment's names: %w", err)
	}
	var names []string
	for _, field := range fields {
		if field.OwnKey != "" {
			names = append(names, field.Key)
		}
	}
	return names, nil
}

func unknownNames(values map[string]string, known []string) error {
	var unknown []error
	for name := range values {
		if strings.HasPrefix(name, Prefix) && !slices.Contains(known, name) && !isServiceLink(name) {
			unknown = append(unknown, fmt.Errorf("environment variable %s overrides nothing; the nearest name is %s", name, nearest(name, known)))
		}
	}
	slices.SortFunc(unknown, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(unknown...)
}

// isServiceLink tells the variables that Kubernetes sets for each service of a name space, in the form of Docker's links, which
// begin with our prefix if a service is called zhengqiao.
func isServiceLink(name string) bool {
	return regexp.MustCompile(`_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$`).MatchString(name)
}

func nearest(name string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int {
		return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
	})
}
