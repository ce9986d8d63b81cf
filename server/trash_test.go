package server

import (
	"strings"
	"testing"
)

func TestTrashRoots(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	const target = "/webhdfs/v1/example/hello.txt?op="
	h.do("GET", target+"GETTRASHROOT", "", h.as("ada")).want(t, 200, `{"Path":"/user/ada/.Trash"}`)
	h.do("GET", target+"GETTRASHROOTS", "", h.as("ada")).want(t, 200, `{"Paths":null}`)
	h.do("PUT", "/webhdfs/v1/user/ada/.Trash/Current/example?op=MKDIRS&permission=700", "", h.as("ada")).want(t, 200, "true")
	h.do("PUT", target+"RENAME&destination=/user/ada/.Trash/Current/example/hello.txt&renameoptions=TO_TRASH", "", h.as("ada")).want(t, 200, "")
	for user, query := range map[string]string{"ada": "", "root": "&allusers=true"} {
		a := h.do("GET", target+"GETTRASHROOTS"+query, "", h.as(user))
		const want = `{"Paths":[{"access_time":0,"block_replication":0,"blocksize":0,"group":"supergroup","isdir":true,"length":0,` +
			`"modification_time":1700000000000,"owner":"ada","path":"/user/ada/.Trash","permission":"700"}]}`
		if a.StatusCode != 200 || !strings.Contains(a.body, want) {
			t.Errorf("for %s: %d %s; want %s", user, a.StatusCode, a.body, want)
		}
	}
	h.do("GET", target+"GETTRASHROOTS&allusers=true", "", h.as("bob")).want(t, 200, `{"Paths":null}`)
}

func TestServerDefaultsTellTheTruth(t *testing.T) {
	h := newHouse(t, simple)
	h.do("GET", "/webhdfs/v1/?op=GETSERVERDEFAULTS", "", h.as("ada")).want(t, 200, `"trashInterval":1440`)
	if h.fs.TrashInterval().Minutes() != 1440 {
		t.Errorf("the trash keeps files for %v", h.fs.TrashInterval())
	}
}
