#!/usr/bin/env bash
# Does what a new user does first: takes a fresh clone of the last commit, an empty home folder and a PATH with nothing but Go,
# make and coreutils, and runs `make run` twice. The service must answer in time, end cleanly and keep its data.
# With the argument `test` it then runs `make test`. As root it does all of this as root and as an ordinary user; with QUICK=1 only
# as the latter.
#
#   e2e/fresh.sh [run|test]
#
# GRANARY_FRESH_SECONDS is how long the first `make run` may take until it serves, 60 by default; modules are downloaded
# before, but everything is compiled. The script needs git to clone, and as root also setpriv of util-linux.
set -euo pipefail
cd "$(dirname "$0")/.."

depth=${1:-run}
limit=${GRANARY_FRESH_SECONDS:-60}
case $depth in run | test) ;; *)
  echo "usage: e2e/fresh.sh [run|test]" >&2
  exit 2
  ;;
esac

folder=$(mktemp -d "${TMPDIR:-/tmp}/granary-fresh-XXXXXX")
chmod 711 "$folder" # the ordinary user passes through, and so does the user of PostgreSQL when this is root
serving= # the process id of a `make run`

# However this script ends, it ends what it started and leaves nothing behind.
cleanup() {
  if [ -n "$serving" ]; then
    kill -TERM "$serving" 2>/dev/null || true
    wait "$serving" 2>/dev/null || true
  fi
  chmod -R u+w "$folder" && rm -rf "$folder"
}
trap cleanup EXIT

fail() {
  echo "fresh.sh: $*" >&2
  exit 1
}

# The contents of a PATH with Go, make and coreutils.
mkdir "$folder/bin"
ln -s "$(go env GOROOT)/bin/go" "$(command -v make)" "$folder/bin"
for tool in [ arch b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir \
  dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls \
  md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink \
  realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum \
  sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami yes; do
  if at=$(type -P "$tool"); then ln -s "$at" "$folder/bin"; fi
done

echo "downloading modules"
git clone -q --depth 1 "file://$PWD" "$folder/modules-checkout"
(
  cd "$folder/modules-checkout"
  download() { # ARGUMENTS... of go, which downloads the modules that it needs
    GOPROXY="file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)" GOMODCACHE=$folder/modules \
      go "$@" >/dev/null 2>"$folder/said" || fail "the modules for go $* cannot be had: $(cat "$folder/said")"
  }
  download list -deps -test ./...
  download -C e2e/s3test/versitygw list -deps tool # the S3 server of the tests
  # Checked here, since `make run` below has no git in its PATH, so that its programs do not know the commit.
  does=$(make -n build) # the whole output: grep -q ends at the match, and make would be killed by what it writes after that
  grep -qF -- "-X main.version=$(git describe --always)'" <<<"$does" || fail "make build does not name the commit: $does"
)
chmod -R a+rX "$folder/modules"

# as USER COMMAND... runs a command as root or as an ordinary user, with nothing of this environment.
as() {
  local user=$1
  shift
  local drop=()
  if [ "$user" != "$(id -un)" ]; then
    drop=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
  fi
  local settings=(PATH="$folder/bin" HOME="$folder/$user" GOMODCACHE="$folder/modules" GOPROXY=off)
  # The default data folder of root belongs to the machine, and may be in use.
  if [ "$user" = root ]; then settings+=(GRANARY_DATA="$folder/$user/data"); fi
  if [ -n "${GRANARY_PG_MIRROR:-}" ]; then settings+=(GRANARY_PG_MIRROR="$GRANARY_PG_MIRROR"); fi
  # bash 3.2, that of macOS, treats an empty array as unset.
  exec ${drop[@]+"${drop[@]}"} env -i "${settings[@]}" "$@"
}

# get PATH [TOKEN] prints the response to a GET, with its header.
get() {
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
  printf 'GET %s HTTP/1.0\r\nHost: %s\r\n%s\r\n' "$1" "$address" "${2:+Authorization: Bearer $2$'\r\n'}" >&3
  cat <&3
  exec 3>&-
}

# run USER SECONDS runs `make run` and waits until it serves.
run() {
  local user=$1 seconds=$2 began=$SECONDS
  : >"$folder/said"
  (as "$user" make -C "$folder/$user/checkout" run ARGS="--listen 127.0.0.1:0") >"$folder/said" 2>&1 &
  serving=$!
  until address=$(sed -n 's|^granary: serving http://||p' "$folder/said") && [ -n "$address" ]; do
    kill -0 "$serving" 2>/dev/null || fail "make run as $user ended: $(cat "$folder/said")"
    [ $((SECONDS - began)) -le "$seconds" ] || fail "make run as $user does not serve after $seconds s: $(cat "$folder/said")"
    sleep 0.2
  done
  echo "make run as $user served after $((SECONDS - began)) s, of $seconds"
  case $(get /readyz) in *" 200 OK"*) ;; *) fail "/readyz: $(get /readyz)" ;; esac
}

# stop USER ends `make run` as a service manager does.
stop() {
  kill -TERM "$serving"
  wait "$serving" || true # make reports that its command was ended, as intended
  serving=
  if left=$(find "$folder/$1" -name postmaster.pid) && [ -n "$left" ]; then
    fail "make run as $1 has ended and its PostgreSQL has not: $left"
  fi
}

users=("$(id -un)")
if [ "$(id -u)" -eq 0 ]; then
  command -v setpriv >/dev/null || fail "setpriv is missing, which runs things as an ordinary user: install util-linux"
  users+=(nobody)
  if [ "${QUICK:-}" = 1 ]; then users=(nobody); fi
fi
for user in "${users[@]}"; do
  mkdir -m 711 "$folder/$user"
  git clone -q --depth 1 "file://$PWD" "$folder/$user/checkout"
  chown -R "$user:" "$folder/$user"

  run "$user" "$limit"
  token=$(sed -n 's/^  \(ey[^ ]*\)$/\1/p' "$folder/said")
  [ -n "$token" ] || fail "make run as $user printed no token: $(cat "$folder/said")"
  case $(get '/webhdfs/v1/Projects?op=LISTSTATUS' "$token") in *'"demo"'*) ;; *) fail "the first project is missing" ;; esac
  stop "$user"

  run "$user" "$limit"
  grep -q '^For a token: ' "$folder/said" || fail "the second make run as $user knows nothing of the first: $(cat "$folder/said")"
  case $(get '/webhdfs/v1/Projects?op=LISTSTATUS' "$token") in *'"demo"'*) ;; *) fail "the first project is gone" ;; esac
  stop "$user"

  if [ "$depth" = test ]; then
    began=$SECONDS
    (as "$user" make -C "$folder/$user/checkout" test) || fail "make test as $user"
    echo "make test as $user passed in $((SECONDS - began)) s"
  fi
done
