package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

func openVault(c *config.Config) (*envelope.Vault, *evidence.Pseudonyms, error) {
	seal, sealErr := files(c).Secret(c.Records.SealKey)
	pepper, pepperErr := files(c).Secret(c.Records.Pepper)
	if err := errors.Join(c.At("$.records.sealKey", sealErr), c.At("$.records.pepper", pepperErr)); err != nil {
		return nil, nil, err
	}
	vault, err := envelope.NewVault(rand.Reader, c.Records.SealKeyID, map[string][]byte{c.Records.SealKeyID: seal})
	if err != nil {
		return nil, nil, c.At("$.records", err)
	}
	pseudonyms, err := evidence.NewPseudonyms(pepper)
	return vault, pseudonyms, c.At("$.records.pepper", err)
}

func openRecords(ctx context.Context, c *config.Config, vault *envelope.Vault, logger *slog.Logger) (*journal.Journal, *evidence.Records, error) {
	j, err := OpenJournal(ctx, c, logger)
	if err != nil {
		return nil, nil, err
	}
	log, err := j.Log(ctx, journal.LogConfig{Name: recordsLog(c)})
	if err != nil {
		closeJournal(j, logger, journalTime)
		return nil, nil, err
	}
	return j, evidence.NewRecords(log, vault, time.Now), nil
}

func closeJournal(j *journal.Journal, logger *slog.Logger, within time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	if err := j.Close(ctx); err != nil {
		logger.Error("close the journal", "error", err)
	}
}
