package seal_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"granary/blocks/seal"
)

func TestKeyOf(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := seal.KeyOf(1, 2, make([]byte, n)); err == nil {
			t.Errorf("a secret of %d bytes is accepted", n)
		}
	}
	key, err := seal.KeyOf(1, 2, make([]byte, 32))
	if err != nil || key.Project() != 1 || key.Version() != 2 {
		t.Errorf("got %v, %v", key, err)
	}
}

// However a key or a root key is printed, alone or inside something, its secret does not come out.
func TestSecretsAreNotPrinted(t *testing.T) {
	secret := []byte("the secret of a key: 32 bytes...")
	key, err := seal.KeyOf(7, 3, secret)
	if err != nil {
		t.Fatal(err)
	}
	root, hexSecret := rootOf(t, secret)

	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("keys", "key", key, "root", root, "both", []any{key, root})
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("keys", "key", key, "root", root, "both", []any{key, root})
	outputs := []string{logged.String()}
	type hidden struct {
		key  seal.Key
		root *seal.Root
	}
	for _, v := range []any{key, &key, root, *root, []seal.Key{key}, map[string]any{"k": key, "r": root}, hidden{key, root}, &hidden{key, root}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%U", "%08b"} {
			outputs = append(outputs, fmt.Sprintf(verb, v))
		}
		if out, err := json.Marshal(v); err == nil {
			outputs = append(outputs, string(out))
		}
	}
	inDecimal := strings.Trim(fmt.Sprint(secret[:4]), "[]")
	for _, out := range outputs {
		for _, tell := range []string{string(secret[:4]), hexSecret[:8], strings.ToUpper(hexSecret[:8]), inDecimal} {
			if strings.Contains(out, tell) {
				t.Errorf("a secret shows in %q", out)
			}
		}
	}
	if got := fmt.Sprint(key); !strings.Contains(got, "7") || !strings.Contains(got, "3") {
		t.Errorf("printed as %q, want project 7 and version 3 named", got)
	}
	if got := fmt.Sprint(root); !strings.Contains(got, root.ID()) || strings.Contains(root.ID(), hex.EncodeToString(secret)[:8]) {
		t.Errorf("printed as %q, want its id %s", got, root.ID())
	}
}

func TestZeroKeyPanics(t *testing.T) {
	for name, use := range map[string]func(){
		"wrap": func() { root, _ := rootOf(t, make([]byte, 32)); root.Wrap(seal.Key{}) },
		"seal": func() { seal.Key{}.SealRow(nil, nil, seal.Row{}) },
	} {
		if !seal.Sealing && name == "seal" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("a key without a secret is used")
				}
			}()
			use()
		})
	}
}
