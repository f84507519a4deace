#!/usr/bin/env bash
# The published contract in the hands of tools that others wrote, against a server that really runs:
#
#   tests/clients/openapi.sh BINARY [EXAMPLES]
#
# An independent validator reads /openapi.json; openapi-typescript makes a client's types of it, the client type-checks and
# runs; the curl lines of /docs are run as they stand; and schemathesis sends EXAMPLES (20) cases an operation as nobody, as a
# user and as the operator. What these tools need is kept under target/clients/openapi.
set -euo pipefail
binary=$(realpath "$1")
examples=${2:-${CLARA_FUZZ_EXAMPLES:-20}}
cd "$(dirname "$0")/../.."
source=$PWD/tests/clients/openapi
made=$(realpath -m "${CARGO_TARGET_DIR:-target}")/clients/openapi
mkdir -p "$made"
cd "$made"
data=$(mktemp -d)
server=""
stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$data"
}
trap stop EXIT

if ! cmp -s "$source/requirements.txt" installed.txt; then
  rm -rf python installed.txt
  python3 -m venv python
  python/bin/python -m pip install --quiet --disable-pip-version-check -r "$source/requirements.txt"
  cp "$source/requirements.txt" installed.txt
fi
if ! cmp -s "$source/package-lock.json" installed.json; then
  rm -rf node_modules installed.json
  cp "$source/package.json" "$source/package-lock.json" .
  npm ci --silent --no-audit --no-fund
  cp "$source/package-lock.json" installed.json
fi
cp "$source/client.ts" "$source/tsconfig.json" .

# Nothing of this shell's own settings reaches the server.
while read -r name; do unset "$name"; done < <(compgen -e CLARA_ || true)
unset USER_ID API_KEY_TOKEN PORT
key() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
PUBLIC_API_KEY=$(key)
PRIVATE_API_KEY=$(key)
export PUBLIC_API_KEY PRIVATE_API_KEY
CLARA_DATA_DIR=$data/clara CLARA_PORT=0 CLARA_RATE_LIMIT=0 CLARA_TRUSTED_PROXIES=127.0.0.1 CLARA_EVIDENCE_SOURCES=none CLARA_LOG=warn \
  CLARA_PUBLIC_API_KEY=$PUBLIC_API_KEY CLARA_PRIVATE_API_KEY=$PRIVATE_API_KEY \
  "$binary" serve 2>"$data/log" &
server=$!
url=""
for _ in $(seq 300); do
  url=$(sed -n 's/.*listens on \(http:[^ ]*\).*/\1/p' "$data/log")
  [ -n "$url" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
  sleep 0.1
done
[ -n "$url" ] || { echo "openapi: the server does not say where it listens" >&2; exit 1; }

curl -sSf "$url/openapi.json" -o openapi.json
python/bin/python "$source/check_document.py" openapi.json

node_modules/.bin/openapi-typescript openapi.json -o schema.ts >types.log 2>&1 || { cat types.log; exit 1; }
node_modules/.bin/tsc -p .
node made/client.js "$url" "$data/clara/outbox" account
set -a
# shellcheck disable=SC1091 # made by the client
. ./account
set +a

python/bin/python "$source/check_curl.py" "$url/docs" openapi.json

fuzz() { # PASS
  cat "$source/fuzz/common.toml" "$source/fuzz/$1.toml" >"$1.toml"
  local log=$1.log
  if ! FUZZ_PASS=$1 PYTHONPATH=$source/fuzz SCHEMATHESIS_HOOKS=addresses python/bin/st --config-file "$1.toml" run "$url/openapi.json" --phases examples,coverage,fuzzing \
    --max-examples "$examples" --warnings off >"$log" 2>&1; then
    echo "openapi: as $1, the server does not answer as it says"
    cat "$log"
    return 1
  fi
  echo "openapi: fuzzed as $1: $(grep -E '^ +[0-9]+ generated' "$log" | xargs)"
}
# Nobody changes nothing, so that pass goes beside the others.
fuzz anybody &
nobody=$!
fuzz user
fuzz operator
wait "$nobody"
kill -0 "$server" || { echo "openapi: the server is gone" >&2; cat "$data/log" >&2; exit 1; }
