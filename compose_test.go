package granary_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// loadComposition reads docker-compose.yml as docker compose does: by its schema, with variables filled in from the
// environment given.
func loadComposition(t *testing.T, environment map[string]string) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  ".",
		ConfigFiles: []types.ConfigFile{{Filename: "docker-compose.yml"}},
		Environment: environment,
	})
}

// TestComposition holds docker-compose.yml against what the two services need of each other and of the machine.
func TestComposition(t *testing.T) {
	const password = "correct-horse"
	project, err := loadComposition(t, map[string]string{"POSTGRES_PASSWORD": password})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := project.ServiceNames(), []string{"database", "granary"}; !slices.Equal(got, want) {
		t.Fatalf("services %q, want %q", got, want)
	}
	service, database := project.Services["granary"], project.Services["database"]

	t.Run("healthy", func(t *testing.T) {
		for name, each := range project.Services {
			if each.HealthCheck == nil || each.HealthCheck.Disable || len(each.HealthCheck.Test) < 2 {
				t.Errorf("%s has no health check", name)
			}
			if each.Restart != types.RestartPolicyUnlessStopped {
				t.Errorf("%s is not started again when the machine is", name)
			}
		}
		// busybox goes by http_proxy and has never heard of no_proxy.
		image, err := os.ReadFile("Dockerfile")
		if err != nil {
			t.Fatal(err)
		}
		direct := regexp.MustCompile(`/bin/wget"?,? "?-Y"?,? "?off`)
		if !direct.MatchString(strings.Join(service.HealthCheck.Test, " ")) || !direct.MatchString(string(image)) {
			t.Errorf("a proxy in the environment would be asked about the server's health: %q", service.HealthCheck.Test)
		}
		if got := service.DependsOn["database"].Condition; got != types.ServiceConditionHealthy {
			t.Errorf("granary starts when its database is %q, want %q", got, types.ServiceConditionHealthy)
		}
	})

	t.Run("volumes", func(t *testing.T) {
		if got, want := project.VolumeNames(), []string{"blocks", "database", "keys"}; !slices.Equal(got, want) {
			t.Errorf("volumes %q, want %q", got, want)
		}
		for name, mounts := range map[string]map[string]string{
			"granary":  {"/data": "blocks", "/keys": "keys"},
			"database": {"/var/lib/postgresql/data": "database"},
		} {
			got := map[string]string{}
			for _, v := range project.Services[name].Volumes {
				got[v.Target] = v.Source
			}
			if !maps.Equal(got, mounts) {
				t.Errorf("%s mounts %v, want %v", name, got, mounts)
			}
		}
	})

	t.Run("database", func(t *testing.T) {
		if database.Image != "postgres:17" {
			t.Errorf("the database's image is %q", database.Image)
		}
		if !slices.Contains(database.HealthCheck.Test, "--host=127.0.0.1") {
			t.Errorf("the database counts as healthy while it is initialised: %q", database.HealthCheck.Test)
		}
		const want = "postgres://granary:" + password + "@database:5432/granary?sslmode=disable"
		if got := value(service.Environment["GRANARY_DATABASE"]); got != want {
			t.Errorf("GRANARY_DATABASE is %q, want %q", got, want)
		}
		for name, want := range map[string]string{"USER": "granary", "DB": "granary", "PASSWORD": password} {
			if got := value(database.Environment["POSTGRES_"+name]); got != want {
				t.Errorf("POSTGRES_%s is %q, want %q", name, got, want)
			}
		}
	})

	t.Run("reachable from this machine alone", func(t *testing.T) {
		if len(database.Ports) > 0 {
			t.Errorf("the database is published: %v", database.Ports)
		}
		if len(service.Ports) != 1 || service.Ports[0].HostIP != "127.0.0.1" || service.Ports[0].Published != "9870" || service.Ports[0].Target != 9870 {
			t.Errorf("published as %v, want 127.0.0.1:9870:9870", service.Ports)
		}
		if got, want := value(service.Environment["GRANARY_PUBLIC_URL"]), "http://localhost:9870"; got != want {
			t.Errorf("GRANARY_PUBLIC_URL is %q, want %q", got, want)
		}
	})
}

// TestCompositionAsksForPassword shows that there is no password that everybody knows.
func TestCompositionAsksForPassword(t *testing.T) {
	for name, environment := range map[string]map[string]string{
		"missing": {},
		"empty":   {"POSTGRES_PASSWORD": ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := loadComposition(t, environment); err == nil || !strings.Contains(err.Error(), "write it into .env") {
				t.Errorf("err = %v, want one that says where to write the password", err)
			}
		})
	}
}

// TestCompositionSettings shows that every setting in the composition and in the image is one that granary serve has.
// A name that is mistyped would do nothing, silently.
func TestCompositionSettings(t *testing.T) {
	help := granary(t, "serve", "--help")
	project, err := loadComposition(t, map[string]string{"POSTGRES_PASSWORD": "x"})
	if err != nil {
		t.Fatal(err)
	}
	image, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	settings := slices.Collect(maps.Keys(project.Services["granary"].Environment))
	inImage := regexp.MustCompile(`\bGRANARY_[A-Z_]+`).FindAllString(string(image), -1)
	if len(inImage) == 0 {
		t.Error("the Dockerfile has no settings")
	}
	for _, setting := range append(settings, inImage...) {
		if !strings.Contains(string(help), "$"+setting+")") {
			t.Errorf("granary serve has no setting %s", setting)
		}
	}
}

// value is what a variable is set to; one without a value is taken from the environment.
func value(set *string) string {
	if set == nil {
		return ""
	}
	return *set
}
