#!/usr/bin/env bash
# What action.yml runs: starts a server that outlives the step, waits until it is ready, and writes where it is
# to GITHUB_ENV and GITHUB_OUTPUT. Inputs come as INPUT_* variables, never as text of a command.
set -euo pipefail

fail() {
  printf '::error title=Kindred::%s\n' "$1"
  exit 1
}

folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/kindred-XXXXXX")

if [ -n "${INPUT_PROGRAM:-}" ]; then
  [ -x "$INPUT_PROGRAM" ] || fail "there is no program $INPUT_PROGRAM"
  program=("$INPUT_PROGRAM")
else
  command -v node >/dev/null || fail 'Node.js 24.15 or newer is needed: put actions/setup-node before this step'
  # Only what the program needs at run time, and no install script of anybody.
  [ -d "$GITHUB_ACTION_PATH/node_modules/kysely" ] ||
    npm ci --prefix "$GITHUB_ACTION_PATH" --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund >"$folder/npm.log" 2>&1 ||
    { tail -n 20 "$folder/npm.log"; fail 'its packages could not be installed'; }
  program=(node "$GITHUB_ACTION_PATH/bin/kindred.js")
fi

random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

export KINDRED_ACCESS_KEY_ID=${INPUT_ACCESS_KEY_ID:-ci-$(random 8)}
export KINDRED_ACCESS_KEY_SECRET=${INPUT_ACCESS_KEY_SECRET:-$(random 24)}

for value in "$KINDRED_ACCESS_KEY_ID" "$KINDRED_ACCESS_KEY_SECRET" "${INPUT_REGION_ID:-}"; do
  case $value in *$'\n'*) fail 'an input has a line break' ;; esac
done

printf '::add-mask::%s\n' "$KINDRED_ACCESS_KEY_SECRET"

arguments=(serve --listen "${INPUT_LISTEN:-127.0.0.1:0}")
if [ -n "${INPUT_DATA:-}" ]; then arguments+=(--data "$INPUT_DATA"); else arguments+=(--ephemeral); fi
read -r -a more <<<"$(printf '%s' "${INPUT_ARGS:-}" | tr '\n' ' ')"

# Without anything of the step's open, so that the step can end.
nohup "${program[@]}" "${arguments[@]}" ${more[@]+"${more[@]}"} \
  </dev/null >"$folder/ready" 2>"$folder/kindred.log" &
pid=$!

url=
deadline=$((SECONDS + ${INPUT_WAIT:-60}))
while url=$(sed -n 's/^kindred ready on //p' "$folder/ready"); [ -z "$url" ]; do
  if ! kill -0 "$pid" 2>/dev/null; then
    tail -n 20 "$folder/kindred.log"
    fail 'it ended before it was ready; its log is above'
  fi
  if [ "$SECONDS" -ge "$deadline" ]; then
    kill "$pid"
    tail -n 20 "$folder/kindred.log"
    fail "it was not ready within ${INPUT_WAIT:-60} s; its log is above"
  fi
  sleep 0.1
done

if [ -n "${INPUT_SEED:-}" ]; then
  ALIBABA_CLOUD_ACCESS_KEY_ID=$KINDRED_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET=$KINDRED_ACCESS_KEY_SECRET \
    "${program[@]}" seed apply "$INPUT_SEED" --endpoint "$url" || {
    kill "$pid"
    fail "the seed file $INPUT_SEED could not be applied"
  }
fi

# Plain HTTP on loopback goes without its scheme, as the aliyun CLI and kindred both read it.
{
  printf 'ALIBABA_CLOUD_ENDPOINT=%s\n' "${url#http://}"
  printf 'ALIBABA_CLOUD_ACCESS_KEY_ID=%s\n' "$KINDRED_ACCESS_KEY_ID"
  printf 'ALIBABA_CLOUD_ACCESS_KEY_SECRET=%s\n' "$KINDRED_ACCESS_KEY_SECRET"
  printf 'ALIBABA_CLOUD_REGION_ID=%s\n' "${INPUT_REGION_ID:-cn-hangzhou}"
  printf 'KINDRED_PID=%s\n' "$pid"
} >>"$GITHUB_ENV"
{
  printf 'endpoint=%s\n' "$url"
  printf 'host=%s\n' "${url#*://}"
  printf 'access-key-id=%s\n' "$KINDRED_ACCESS_KEY_ID"
  printf 'access-key-secret=%s\n' "$KINDRED_ACCESS_KEY_SECRET"
  printf 'pid=%s\n' "$pid"
  printf 'log=%s\n' "$folder/kindred.log"
} >>"$GITHUB_OUTPUT"
printf 'Kindred answers on %s\n' "$url"
