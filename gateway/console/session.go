package console

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Bounds of sessions. Operators are few; whoever opens more pushes out the one that was idle for longest.
const (
	mostSessions   = 512
	mostOfOne      = 16             // of one person, so that nobody pushes out others
	longestSession = 10 * time.Hour // a shift; then who it is has to be proved anew
)

// session is one browser of one person. It holds no personal data, lives in memory and ends with the process.
type session struct {
	person Person
	token  string    // of its forms
	began  time.Time // used and notice are guarded by sessions
	used   time.Time
	notice watch.Text
	ended  chan struct{} // closed at its end
}

// sessions are all of them by the digest of their secret, so that nobody learns a secret from the time that a look-up takes.
type sessions struct {
	idle   time.Duration
	random io.Reader

	mu  sync.Mutex
	all map[[smcrypto.DigestSize]byte]*session
}

func newSessions(idle time.Duration, random io.Reader) *sessions {
	if random == nil {
		random = rand.Reader
	}
	return &sessions{idle: idle, random: random, all: map[[smcrypto.DigestSize]byte]*session{}}
}

// find gives the session of a secret, nil if there is none or it is over. Only what the person does renews it, not what his page does
// by itself.
func (s *sessions) find(secret string, now time.Time, renew bool) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(now)
	found := s.all[smcrypto.SM3([]byte(secret))]
	if found != nil && renew {
		found.used = now
	}
	return found
}

// begin makes a session and gives its secret.
func (s *sessions) begin(p Person, now time.Time) (*session, string, error) {
	secret, err := s.draw()
	if err != nil {
		return nil, "", err
	}
	token, err := s.draw()
	if err != nil {
		return nil, "", err
	}
	p.Roles = slices.Clone(p.Roles)
	made := &session{person: p, token: token, began: now, used: now, ended: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(now)
	s.makeRoom(p.ID)
	s.all[smcrypto.SM3([]byte(secret))] = made
	return made, secret, nil
}

func (s *sessions) draw() (string, error) {
	var secret [32]byte
	_, err := io.ReadFull(s.random, secret[:])
	return base64.RawURLEncoding.EncodeToString(secret[:]), err
}

// end forgets a session.
func (s *sessions) end(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(smcrypto.SM3([]byte(secret)))
}

// drop, sweep and makeRoom are called with the lock held.
func (s *sessions) drop(key [smcrypto.DigestSize]byte) {
	if found := s.all[key]; found != nil {
		close(found.ended)
		delete(s.all, key)
	}
}

func (s *sessions) sweep(now time.Time) {
	for key, one := range s.all {
		if now.Sub(one.used) > s.idle || now.Sub(one.began) > longestSession {
			s.drop(key)
		}
	}
}

// makeRoom drops the session that was idle for longest: the person's own if he has many, else anybody's if there are too many.
func (s *sessions) makeRoom(person string) {
	own, ofOwn := s.idlest(func(one *session) bool { return one.person.ID == person })
	any, ofAll := s.idlest(func(*session) bool { return true })
	switch {
	case ofOwn >= mostOfOne:
		s.drop(own)
	case ofAll >= mostSessions:
		s.drop(any)
	}
}

// idlest gives the session that was used longest ago of those that fit, and how many fit.
func (s *sessions) idlest(fits func(*session) bool) (idlest [smcrypto.DigestSize]byte, count int) {
	var used time.Time
	for key, one := range s.all {
		if !fits(one) {
			continue
		}
		if count++; count == 1 || one.used.Before(used) {
			idlest, used = key, one.used
		}
	}
	return idlest, count
}

func (s *sessions) leaveNotice(one *session, notice watch.Text) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.notice = notice
}

func (s *sessions) takeNotice(one *session) (notice watch.Text) {
	s.mu.Lock()
	defer s.mu.Unlock()
	notice, one.notice = one.notice, watch.Text{}
	return notice
}
