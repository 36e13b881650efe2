# Shell functions that give a script a PostgreSQL server of its own. Source this file from bash.
#
#   pg_find                     finds the server programs, or installs them; sets PG_BIN
#   pg_start DIR [-c name=value ...]
#                               makes a cluster in DIR and starts it; sets PG_PORT and PG_URL
#   pg_free_port                prints a loopback port that nobody listens on, outside the ephemeral range
#   pg_stop                     stops what pg_start started; harmless when nothing runs
#
# The cluster listens on loopback only, trusts every connection from there, and has one superuser,
# `postgres`. DIR belongs to the caller, who removes it after pg_stop. A script that has set no EXIT
# trap gets one that calls pg_stop.

PG_BIN=${PG_BIN:-}
PG_PORT=
PG_URL=
PG_DATA=

_pg_say() { printf 'postgres: %s\n' "$*" >&2; }

# A folder counts only when it holds everything that the functions below call.
_pg_usable() {
  [ -n "$1" ] && [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ]
}

_pg_look() {
  local folder newest=
  if _pg_usable "$PG_BIN"; then return 0; fi
  folder=$(pg_config --bindir 2>/dev/null) || folder=
  if _pg_usable "$folder"; then PG_BIN=$folder; return 0; fi
  # Several versions may be installed side by side: the highest one wins.
  while IFS= read -r folder; do
    if _pg_usable "$folder"; then newest=$folder; fi
  done < <(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
    /usr/local/opt/postgresql*/bin | sort -V)
  if [ -n "$newest" ]; then PG_BIN=$newest; return 0; fi
  folder=$(command -v initdb 2>/dev/null) || return 1
  folder=$(dirname "$(readlink -f "$folder" 2>/dev/null || printf '%s' "$folder")")
  if _pg_usable "$folder"; then PG_BIN=$folder; return 0; fi
  return 1
}

_pg_install() {
  local log
  log=$(mktemp) || return 1
  _pg_say "installing PostgreSQL's server programs with apt-get"
  # Only the programs are wanted: this file, read by the package, keeps it from making a cluster of its own.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
  fi
  if _pg_apt install -y -q -o Dpkg::Options::=--force-confold postgresql >"$log" 2>&1 ||
    { _pg_apt update -q >>"$log" 2>&1 &&
      _pg_apt install -y -q -o Dpkg::Options::=--force-confold postgresql >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

_pg_apt() { DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get "$@" </dev/null; }

pg_find() {
  if _pg_look; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    if _pg_install && _pg_look; then return 0; fi
    _pg_say "apt-get could not install PostgreSQL"
    return 1
  fi
  _pg_say "no server programs (initdb, postgres) found; install PostgreSQL 14 or later, or set PG_BIN"
  return 1
}

# The server refuses to run as root, so root hands it to an unprivileged user.
_pg_user() {
  if id -u postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

_pg_as() {
  local user group
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  user=$(_pg_user)
  group=$(id -gn "$user")
  if command -v setpriv >/dev/null 2>&1; then
    setpriv --reuid="$user" --regid="$group" --clear-groups env HOME=/ "$@"
  else
    su -s /bin/sh "$user" -c 'exec "$@"' -- sh "$@"
  fi
}

# Below the range that the kernel hands to outgoing connections, so that a load of clients cannot take it.
pg_free_port() {
  local port
  for _ in $(seq 50); do
    port=$((15000 + RANDOM % 15000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
  done
  return 1
}

pg_start() {
  local dir=$1 data options log
  shift
  if [ -n "$PG_DATA" ]; then _pg_say "a cluster is running already in $PG_DATA"; return 1; fi
  if [ -z "$PG_BIN" ]; then pg_find || return 1; fi
  mkdir -p "$dir" || return 1
  dir=$(cd "$dir" && pwd -P) || return 1
  data=$dir/data
  log=$dir/postgres.log
  if [ "$(id -u)" = 0 ]; then
    chown "$(_pg_user)" "$dir" || return 1
    # mktemp makes folders that only their owner may enter; the server's user has to pass through.
    if ! _pg_as test -w "$dir"; then chmod o+x "$(dirname "$dir")"; fi
    if ! _pg_as test -w "$dir"; then _pg_say "user $(_pg_user) cannot reach $dir"; return 1; fi
  fi
  # Run from inside the folder: the programs complain about a working directory that they cannot enter.
  if ! (cd "$dir" && _pg_as "$PG_BIN/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C \
    --no-sync --no-instructions >"$dir/initdb.log" 2>&1); then
    cat "$dir/initdb.log" >&2
    return 1
  fi
  # No Unix socket: its path would have to be short, and every client here goes over TCP.
  options="-c listen_addresses=127.0.0.1 -c unix_socket_directories="
  while [ $# -gt 0 ]; do
    options="$options $1"
    shift
  done
  for _ in 1 2 3 4 5; do
    PG_PORT=$(pg_free_port) || break
    if (cd "$dir" && _pg_as "$PG_BIN/pg_ctl" -D "$data" -l "$log" -s -w -t 60 \
      -o "-p $PG_PORT $options" start) >/dev/null 2>&1; then
      PG_DATA=$data
      PG_URL=postgres://postgres@127.0.0.1:$PG_PORT/postgres
      if [ -z "$(trap -p EXIT)" ]; then trap pg_stop EXIT; fi
      return 0
    fi
    # Another program may have taken the port in between; anything else will not pass by itself.
    if ! grep -qi 'address already in use' "$log" 2>/dev/null; then break; fi
    : >"$log"
  done
  PG_PORT=
  _pg_say "the server did not start:"
  tail -n 5 "$log" >&2
  return 1
}

# Nothing in a private cluster is worth a shutdown checkpoint.
pg_stop() {
  if [ -z "$PG_DATA" ]; then return 0; fi
  (cd "$(dirname "$PG_DATA")" && _pg_as "$PG_BIN/pg_ctl" -D "$PG_DATA" -s -w -t 60 -m immediate stop) \
    >/dev/null 2>&1
  PG_DATA=
  PG_PORT=
  PG_URL=
  return 0
}
