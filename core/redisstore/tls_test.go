package redisstore_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// newCertificate makes a certificate for 127.0.0.1, signed by itself, and writes it and
// its key into a folder.
func newCertificate(t *testing.T) (pool *x509.CertPool, pair tls.Certificate, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	if pair, err = tls.X509KeyPair(certPEM, keyPEM); err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, text := range map[string][]byte{certFile: certPEM, keyFile: keyPEM} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool, pair, certFile, keyFile
}

// The store works through TLS with a client certificate, and with no more permissions
// than its documentation lists. A server that is not trusted is refused.
func TestStoreWithTLSAndACL(t *testing.T) {
	pool, pair, certFile, keyFile := newCertificate(t)
	addr := freeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	server := startRedis(t, "--tls-port", port, "--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile, "--tls-auth-clients", "yes")
	admin := allowUser(t, server.Addr())
	opts := func(c *tls.Config) *redis.UniversalOptions {
		return &redis.UniversalOptions{Addrs: []string{addr}, TLSConfig: c, Username: "app", Password: "hunter2", DisableIdentity: true}
	}
	trusted := &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	sharedtest.Run(t, func(t *testing.T) (first, second core.SharedStore) {
		if err := admin.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		return redisstore.New(connect(t, opts(trusted)), slow), redisstore.New(connect(t, opts(trusted)), slow)
	})
	for name, c := range map[string]*tls.Config{
		"a server that is not trusted": {MinVersion: tls.VersionTLS12},
		"no client certificate":        {RootCAs: pool, MinVersion: tls.VersionTLS12},
	} {
		s := redisstore.New(connect(t, opts(c)), slow)
		if _, _, err := s.Load(t.Context(), "k"); err == nil || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
