package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// recordsName is the name of the log that holds the records; receipts show it.
const recordsName = "records"

// recordsLog gives the log that this gateway writes: a log has one writer, so each node of a cluster has its own.
func recordsLog(c *config.Config) string {
	if node := c.Journal.Node(); node != "" {
		return recordsName + "-" + node
	}
	return recordsName
}

// OpenJournal opens the configured journal. In a cluster it waits until a majority of the nodes is there, or until ctx ends.
func OpenJournal(ctx context.Context, c *config.Config, logger *slog.Logger) (*journal.Journal, error) {
	settings, err := journalConfig(c)
	if err != nil {
		return nil, err
	}
	return journal.Open(ctx, settings, logger)
}

// journalConfig loads what the journal's settings refer to.
func journalConfig(c *config.Config) (journal.Config, error) {
	settings := journal.Config{Dir: c.Journal.Dir, MaxBytes: c.Journal.MaxBytes}
	var err error
	switch {
	case c.Journal.Clustered():
		settings.Cluster, err = clusterConfig(c)
	case c.Journal.Outside():
		settings.Remote, err = remoteConfig(c)
	}
	return settings, err
}

func clusterConfig(c *config.Config) (*journal.ClusterConfig, error) {
	const at = "$.journal.cluster"
	from := c.Journal.Cluster
	password, passwordErr := optionalText(c, at+".password", from.Password)
	secure, tlsErr := journalTLS(c, at+".tls", from.TLS)
	return &journal.ClusterConfig{Name: from.Name, Node: from.Node, Listen: from.Listen, Advertise: from.Advertise, Routes: from.Routes,
		User: from.User, Password: password, TLS: secure, Replicas: from.Replicas}, errors.Join(passwordErr, tlsErr)
}

func remoteConfig(c *config.Config) (*journal.RemoteConfig, error) {
	const at = "$.journal.remote"
	from := c.Journal.Remote
	password, passwordErr := optionalText(c, at+".password", from.Password)
	credentials, credentialsErr := optionalText(c, at+".credentials", from.Credentials)
	secure, tlsErr := journalTLS(c, at+".tls", from.TLS)
	return &journal.RemoteConfig{URLs: from.URLs, Node: from.Node, User: from.User, Password: password, Credentials: []byte(credentials),
		TLS: secure, Replicas: from.Replicas}, errors.Join(passwordErr, credentialsErr, tlsErr)
}

func optionalText(c *config.Config, at, reference string) (string, error) {
	if reference == "" {
		return "", nil
	}
	text, err := files(c).Text(reference)
	return text, c.At(at, err)
}

// journalTLS loads the certificates of a connection between nodes, where each side shows one. nil: the section is empty.
func journalTLS(c *config.Config, at string, from config.JournalTLS) (*tls.Config, error) {
	if from == (config.JournalTLS{}) {
		return nil, nil
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if from.Certificate != "" {
		certificate, err := privateCertificate(from.Certificate, from.Key)
		if err != nil {
			return nil, c.At(at+".key", err)
		}
		secure.Certificates = []tls.Certificate{certificate}
	}
	if from.CA != "" {
		pem, err := os.ReadFile(from.CA)
		if err != nil {
			return nil, c.At(at+".ca", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, c.At(at+".ca", errors.New("no certificate in it"))
		}
		secure.RootCAs, secure.ClientCAs, secure.ClientAuth = pool, pool, tls.RequireAndVerifyClientCert
	}
	return secure, nil
}

// privateCertificate holds the key's file to the rule for private keys.
func privateCertificate(certificate, key string) (tls.Certificate, error) {
	info, err := os.Stat(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	if info.Mode().Perm()&othersMask != 0 {
		return tls.Certificate{}, fmt.Errorf("%w: it has %04o; chmod 600 %s", keys.ErrExposed, info.Mode().Perm(), key)
	}
	return tls.LoadX509KeyPair(certificate, key)
}
