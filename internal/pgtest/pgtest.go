// Package pgtest gives tests a real PostgreSQL. It stops at the connection string: it speaks no SQL, and no program but tests uses it.
package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
)

// Server is the PostgreSQL of TEST_POSTGRES, else one of the tests' own if it is installed. It starts when it is wanted first: fuzzing
// runs a test program many times over. The zero value is ready.
type Server struct {
	once sync.Once
	own  *cluster
	dsn  string
	err  error
}

// Missing says how to get a server where there is none.
const Missing = "no PostgreSQL: install Debian's postgresql, or set TEST_POSTGRES to the connection string of a superuser"

// Address gives the connection string of a user who may create schemas and roles and end other sessions; "" if there is no server to
// be had.
func (p *Server) Address() (string, error) {
	p.once.Do(func() {
		if p.dsn = os.Getenv("TEST_POSTGRES"); p.dsn != "" {
			return
		}
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			return
		}
		if p.own, p.err = startCluster(filepath.Dir(slices.Max(found))); p.err == nil {
			p.dsn = p.own.dsn()
		}
	})
	return p.dsn, p.err
}

// Stop ends the server if it is the tests' own.
func (p *Server) Stop() {
	if p.own != nil {
		p.own.stop()
	}
}

// cluster is a private PostgreSQL in a temporary folder, on loopback, with a password.
type cluster struct {
	bin, dir string
	port     int
}

const password = "frontdb-test"

func startCluster(bin string) (*cluster, error) {
	dir, err := os.MkdirTemp("", "frontdb")
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, dir: dir}
	if err := c.prepare(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for range 3 { // another program may take the port first
		if c.port, err = freePort(); err != nil {
			continue
		}
		options := fmt.Sprintf("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories= -c fsync=off -c max_connections=100", c.port)
		if err = c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(dir, "log"), "-w", "-o", options, "start"); err == nil {
			return c, nil
		}
	}
	return nil, errors.Join(err, os.RemoveAll(dir))
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) dsn() string {
	return fmt.Sprintf("postgres://zhengqiao:%s@127.0.0.1:%d/postgres?sslmode=disable", password, c.port)
}

func (c *cluster) prepare() error {
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return err
	}
	if owner, ok := unprivileged(); ok {
		if err := errors.Join(os.Chown(c.dir, int(owner.Uid), int(owner.Gid)), os.Chown(secret, int(owner.Uid), int(owner.Gid))); err != nil {
			return err
		}
	}
	return c.run("initdb", "-D", c.data(), "-U", "zhengqiao", "-A", "scram-sha-256", "--pwfile="+secret, "-E", "UTF8", "--locale=C", "--no-sync")
}

func (c *cluster) run(program string, arguments ...string) error {
	command := exec.Command(filepath.Join(c.bin, program), arguments...)
	command.Dir = c.dir
	if owner, ok := unprivileged(); ok {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	}
	// A file, not a pipe: the server inherits it, and Run would wait for the server to close a pipe.
	output, err := os.CreateTemp(c.dir, program)
	if err != nil {
		return err
	}
	defer func() { _ = output.Close() }()
	command.Stdout, command.Stderr = output, output
	if err := command.Run(); err != nil {
		text, _ := os.ReadFile(output.Name())
		return fmt.Errorf("%s: %w: %s", program, err, bytes.TrimSpace(text))
	}
	return nil
}

func (c *cluster) stop() {
	if err := errors.Join(c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop"), os.RemoveAll(c.dir)); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
	}
}

// unprivileged gives the user postgres if the tests run as root, as whom PostgreSQL refuses to run.
func unprivileged() (*syscall.Credential, bool) {
	if os.Getuid() != 0 {
		return nil, false
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, false
	}
	uid, _ := strconv.ParseUint(account.Uid, 10, 32)
	gid, _ := strconv.ParseUint(account.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, true
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
