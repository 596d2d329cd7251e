package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// maxFileBytes bounds the file; a real one for all provinces has some ten kilobytes.
const maxFileBytes = 4 << 20

// Load reads, overrides and checks the file. environ gives the environment as os.Environ does.
func Load(path string, environ []string) (*Config, error) {
	text, err := readLimited(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	c := defaults()
	c.text = text
	if err := decodeStrict(text, c); err != nil {
		return nil, InFile(path, err)
	}
	if err := override(c, environ); err != nil {
		return nil, err
	}
	if err := locate(c.check(), text); err != nil {
		return nil, InFile(path, err)
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find the folder of %s: %w", path, err)
	}
	c.resolve(folder)
	c.path, c.environ, c.digest = filepath.Join(folder, filepath.Base(path)), environ, smcrypto.SM3(text)
	return c, nil
}

func defaults() *Config {
	return &Config{
		Listen: "127.0.0.1:8080", OpsListen: "127.0.0.1:9090", LogLevel: "info",
		Gateway: Gateway{Window: time.Minute},
		Limits:  Limits{BodyBytes: 64 << 10, InFlight: 256, Budget: 3 * time.Second, Decision: 250 * time.Millisecond, Drain: 8 * time.Second, Quota: defaultQuota()},
		Changes: Changes{Partitions: defaultPartitions}, Decisions: Decisions{Keep: defaultKeep}, Policies: Policies{Shadow: Shadow{MaxCPU: defaultMaxCPU}},
	}
}

func readLimited(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err == nil && len(text) > maxFileBytes {
		err = fmt.Errorf("%s is larger than %d bytes", path, maxFileBytes)
	}
	return text, err
}

// decodeStrict refuses unknown and repeated keys; its errors show line, column and the lines around.
func decodeStrict(text []byte, into any) error {
	file, err := parse(text)
	if err != nil {
		return err
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return errors.New("the file is empty, or holds several documents")
	}
	return decodeNode(file.Docs[0].Body, into)
}

func decodeNode(node ast.Node, into any) error {
	if err := checkDurations(node, reflect.TypeOf(into)); err != nil {
		return err
	}
	return yaml.NodeToValue(node, into, yaml.Strict())
}

// Settings are what an adapter reads by itself, into its own type.
type Settings struct {
	Settings ast.Node `yaml:"settings"`
}

// Decode decodes all of it, as strictly as the rest of the file.
func (s *Settings) Decode(into any) error {
	if s.Settings == nil {
		return nil
	}
	return decodeNode(s.Settings, into)
}

// DecodePart decodes one member; without it into stays as it is.
func (s *Settings) DecodePart(key string, into any) error {
	settings, ok := s.Settings.(*ast.MappingNode)
	if !ok {
		return nil
	}
	for _, member := range settings.Values {
		if member.Key.String() == key {
			return decodeNode(member.Value, into)
		}
	}
	return nil
}

// resolve makes the plain paths absolute; what is a reference (file:PATH) is resolved by whoever loads it, from Folder.
func (c *Config) resolve(folder string) {
	for _, path := range append(append(c.Journal.paths(), c.Console.paths()...), &c.TLS.Certificate, &c.TLS.Key, &c.TLS.ClientCAs, &c.Policies.Dir, &c.Policies.Shadow.Dir) {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
	c.Telemetry.resolve(folder)
	c.Policies.Source.resolve(folder)
	c.folder = folder
}

// Folder gives the folder that the file's relative paths start from.
func (c *Config) Folder() string { return c.folder }
