package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

func keysCommand() *cobra.Command {
	command := &cobra.Command{Use: "keys", Short: "make keys"}
	command.AddCommand(keysNewCommand(), keysSecretCommand())
	return command
}

func keysNewCommand() *cobra.Command {
	dir := ""
	command := &cobra.Command{
		Use:   "new NAME",
		Short: "make an SM2 key pair: NAME.key.pem (PKCS#8, mode 0600) and NAME.pub.pem",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			private, public, err := newKeyPair(dir, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "private key %s\npublic key  %s\n", private, public)
			return nil
		},
	}
	command.Flags().StringVar(&dir, "dir", "keys", "folder for the two files; made if it is not there")
	return command
}

func newKeyPair(dir, name string) (private, public string, err error) {
	if name == "" || name != filepath.Base(name) {
		return "", "", fmt.Errorf("%q is not a plain name: want one without a folder, such as gateway", name)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", "", fmt.Errorf("make the key folder: %w", err)
	}
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	private, public = filepath.Join(dir, name+".key.pem"), filepath.Join(dir, name+".pub.pem")
	return private, public, keys.WritePair(key, private, public)
}

func keysSecretCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "secret FILE",
		Short: "make a random 16-byte SM4 key in hex (mode 0600), for sealing or as a pepper",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			secret := make([]byte, 16)
			if _, err := rand.Read(secret); err != nil {
				return fmt.Errorf("make a secret: %w", err)
			}
			if err := keys.WriteSecret(secret, args[0]); err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "secret key  %s\n", args[0])
			return nil
		},
	}
}
