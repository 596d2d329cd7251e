package publish

import (
	"encoding/json"
	"fmt"
	"hash"
	"io"
)

// Names in the archive.
const (
	statementName  = "statement.json"
	signaturesName = "signatures.json"
	filesPrefix    = "policies/"
)

// Bundle is policies with what was signed about them. One that [Read] gave holds together; only [Bundle.Verify] says who stands behind it.
type Bundle struct {
	Statement  Statement
	Signatures []Signature
	Files      Files

	statement []byte // as it is signed
	newHash   func() hash.Hash
}

// Pack makes a draft, which nobody signed yet. The statement's digests must be those of the files ([NewStatement]).
func Pack(files Files, statement Statement, newHash func() hash.Hash) (*Bundle, error) {
	if err := files.check(); err != nil {
		return nil, err
	}
	text, err := statement.encode()
	if err != nil {
		return nil, err
	}
	b := &Bundle{Statement: statement, Files: files, statement: text, newHash: newHash}
	return b, b.holds()
}

// holds checks that the statement is about these files.
func (b *Bundle) holds() error {
	if b.Files.Content(b.newHash) != b.Statement.Content || b.Files.Revision(b.newHash) != b.Statement.Revision {
		return refuse(Tampered, "the files are not those of the statement")
	}
	return nil
}

// Encode writes the bundle: a canonical archive, compressed.
func (b *Bundle) Encode() ([]byte, error) {
	signatures, err := json.MarshalIndent(nonNil(b.Signatures), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode signatures: %w", err)
	}
	files := entries{statementName: b.statement, signaturesName: signatures}
	for path, content := range b.Files {
		files[filesPrefix+path] = content
	}
	archive, err := encodeTar(files)
	if err != nil {
		return nil, err
	}
	packed, err := compress(archive)
	if err == nil && len(packed) > MaxPacked {
		err = refuse(TooLarge, "the bundle has %d bytes, more than %d", len(packed), MaxPacked)
	}
	return packed, err
}

func nonNil(list []Signature) []Signature {
	if list == nil {
		return []Signature{}
	}
	return list
}

// Read takes a bundle apart: bounds, form, and that statement and files belong together. The error is a [Refusal], or the reader's own.
func Read(from io.Reader, newHash func() hash.Hash) (*Bundle, error) {
	packed, err := io.ReadAll(io.LimitReader(from, MaxPacked+1))
	if err != nil {
		return nil, fmt.Errorf("read the bundle: %w", err)
	}
	archive, err := decompress(packed)
	if err != nil {
		return nil, err
	}
	found, err := decodeTar(archive)
	if err != nil {
		return nil, err
	}
	b := &Bundle{Files: Files{}, statement: found[statementName], newHash: newHash}
	if err := b.readProofs(found); err != nil {
		return nil, err
	}
	for name, content := range found {
		if name != statementName && name != signaturesName {
			b.Files[name[len(filesPrefix):]] = content
		}
	}
	if err := b.Files.check(); err != nil {
		return nil, err
	}
	return b, b.holds()
}

func (b *Bundle) readProofs(found entries) error {
	if found[statementName] == nil || found[signaturesName] == nil {
		return refuse(Unsigned, "statement or signatures are missing")
	}
	statement, err := readStatement(b.statement)
	if err != nil {
		return err
	}
	b.Statement = *statement
	if err := readCanonical(found[signaturesName], &b.Signatures); err != nil {
		return err
	}
	if len(b.Signatures) > maxSignatures {
		return refuse(TooLarge, "more than %d signatures", maxSignatures)
	}
	return nil
}
