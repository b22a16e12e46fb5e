#!/usr/bin/env bash
# A PostgreSQL cluster of our own, on loopback and a unix socket, for tests and for `./dev db`.
#
#   postgres.sh start DIR [durable]   makes the cluster when there is none, starts it, prints its URL
#   postgres.sh stop|restart|url DIR
#
# DIR keeps a few notes (where, port); the cluster itself lies in /tmp, where the user postgres may read it also when
# the checkout is private. initdb refuses root, so root runs everything here as the user postgres.
# Without `durable` the cluster is thrown away by stop, and does not wait for the disk at checkpoints.
set -euo pipefail

command=${1:?start, stop, restart or url}
notes=${2:?a folder for notes}

fail() { printf 'postgres.sh: %s\n' "$*" >&2; exit 1; }

programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[[ -n $programs ]] || fail "PostgreSQL is not installed; ./dev setup installs it"

as_owner() {
  if [[ $(id -u) -eq 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
  done
  fail "no free port found"
}

running() { [[ -f $notes/place ]] && as_owner "$programs/pg_ctl" status -D "$(<"$notes/place")/data" >/dev/null 2>&1; }
url() { printf 'postgres://renkei:renkei@127.0.0.1:%s/renkei\n' "$(<"$notes/port")"; }

begin() {
  local place
  place=$(<"$notes/place")
  as_owner "$programs/pg_ctl" start -w -t 60 -D "$place/data" -l "$place/log" >/dev/null </dev/null ||
    { as_owner cat "$place/log" >&2; fail "the cluster did not start"; }
}

create() {
  local place port
  mkdir -p "$notes"
  place=$(mktemp -d /tmp/renkei-postgres.XXXXXX)
  [[ $(id -u) -ne 0 ]] || chown postgres "$place"
  port=$(free_port)
  printf '%s\n' "$place" >"$notes/place"
  printf '%s\n' "$port" >"$notes/port"
  as_owner "$programs/initdb" -D "$place/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  # Commits stay synchronous: tests of durability and the benchmark need the real thing.
  as_owner tee -a "$place/data/postgresql.conf" >/dev/null <<SETTINGS
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$place'
max_connections = 200
shared_buffers = 256MB
SETTINGS
  begin
  as_owner "$programs/psql" -q -h "$place" -p "$port" -U postgres -d postgres >/dev/null <<SQL
create role renkei login createdb password 'renkei';
create database renkei owner renkei;
SQL
}

case $command in
  start)
    if ! running; then
      if [[ -f $notes/place && -d $(<"$notes/place") ]]; then begin; else create; fi
    fi
    [[ ${3:-} != durable ]] || touch "$notes/durable"
    url
    ;;
  url)
    running || fail "not running; start it with ./dev db up"
    url
    ;;
  restart)
    place=$(<"$notes/place")
    as_owner "$programs/pg_ctl" stop -m fast -w -D "$place/data" >/dev/null
    begin
    ;;
  stop)
    mode=immediate
    [[ ! -f $notes/durable ]] || mode=fast
    if running; then as_owner "$programs/pg_ctl" stop -m "$mode" -w -D "$(<"$notes/place")/data" >/dev/null; fi
    if [[ -f $notes/place && ! -f $notes/durable ]]; then
      rm -rf "$(<"$notes/place")"
      rm -f "$notes/place" "$notes/port"
      rmdir "$notes" 2>/dev/null || true
    fi
    ;;
  # For tests of an outage, which have to do something between the two.
  halt) as_owner "$programs/pg_ctl" stop -m fast -w -D "$(<"$notes/place")/data" >/dev/null ;;
  resume) begin ;;
  *) fail "unknown command '$command'" ;;
esac
