#!/bin/bash
# Unpacks the bundle beside this file and measures its models. Needs bash, tar, sha256sum, and xz or python3; no network.
#
#   bash run.sh [FOLDER]                     check, unpack into FOLDER, look at the machine, measure all models
#   bash run.sh [FOLDER] --bench OPTION ...  the same with options of tickets bench, such as --repeats 20
#   bash run.sh [FOLDER] --unpack-only       check and unpack
#   bash run.sh [FOLDER] -- COMMAND ...      any other command in the bundle: tickets bench ..., node tools/...
#
# FOLDER is ./tickets-bundle unless named; what is unpacked there from the same parts stays. Results go to FOLDER/results,
# in files of at most 16 MB.
set -euo pipefail

fail() {
  echo "run.sh: $1" >&2
  exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=./tickets-bundle
unpack_only=no
command=()
bench_options=()
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
  folder=$1
  shift
fi
if [ $# -gt 0 ]; then
  case $1 in
    --unpack-only) unpack_only=yes ;;
    --bench)
      shift
      bench_options=("$@")
      ;;
    --)
      shift
      [ $# -gt 0 ] || fail "expected a command after --"
      command=("$@")
      ;;
    *) fail "unknown argument $1: expected [FOLDER], then --bench OPTION ..., --unpack-only or -- COMMAND ..." ;;
  esac
fi

# Each part by name: whoever carried them here must know which one to carry again.
verify() {
  local sum name found
  while read -r sum name; do
    [ -f "$here/$name" ] || fail "$name is missing in $here: copy it there again"
    found=$(sha256sum <"$here/$name")
    [ "${found%% *}" = "$sum" ] || fail "$name in $here is damaged (its SHA-256 differs from SHA256SUMS): copy it there again"
  done <"$here/SHA256SUMS"
}

joined() {
  local sum name
  while read -r sum name; do cat "$here/$name"; done <"$here/SHA256SUMS"
}

decompress() {
  if command -v xz >/dev/null; then
    xz -dc -T0
  elif command -v python3 >/dev/null; then
    python3 -c 'import lzma, shutil, sys
with lzma.open(sys.stdin.buffer) as source: shutil.copyfileobj(source, sys.stdout.buffer, 1 << 20)'
  else
    fail "the bundle is packed with xz, and there is neither xz nor python3: install one of them"
  fi
}

unpack() {
  [ -f "$here/SHA256SUMS" ] || fail "SHA256SUMS is missing in $here: copy it there again"
  if [ -f "$folder/SHA256SUMS" ]; then
    [ "$(cat "$folder/SHA256SUMS")" = "$(cat "$here/SHA256SUMS")" ] && return
    fail "$folder holds another bundle: name another folder"
  fi
  # Nothing but an empty folder may be in the way.
  if [ -e "$folder" ]; then
    rmdir "$folder" 2>/dev/null || fail "$folder is in the way and holds no bundle: name another folder"
  fi
  verify
  rm -rf "$folder.unpacking"
  mkdir -p "$folder.unpacking"
  joined | decompress | tar -x --no-same-owner -C "$folder.unpacking" -f - ||
    fail "the bundle could not be unpacked into $folder.unpacking: is there room?"
  cp "$here/SHA256SUMS" "$folder.unpacking/SHA256SUMS"
  mv "$folder.unpacking" "$folder"
}

# Folders with NVIDIA's libraries, as pip and the CUDA toolkit install them and containers get them, one a line.
cuda_folders() {
  if command -v python3 >/dev/null; then
    python3 -c 'import glob, sys
for root in filter(None, sys.path):
    print(*sorted(glob.glob(root + "/nvidia/*/lib")), *glob.glob(root + "/torch/lib"), sep="\n")' || true
  fi
  ls -d /usr/local/cuda/lib64 /usr/local/nvidia/lib64 2>/dev/null || true
}

append_library_folder() {
  LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$1
  export LD_LIBRARY_PATH
}

# The host's own libraries come first: those of the bundle stand in only where the host has none.
set_environment() {
  local found
  export PATH="$PWD/bin:$PATH"
  if [ "$provider" = cuda ]; then
    while read -r found; do
      [ -z "$found" ] || append_library_folder "$found"
    done < <(cuda_folders)
  fi
  node --version >/dev/null 2>&1 || append_library_folder "$PWD/lib/node"
  node --version >/dev/null || fail "Node.js of this bundle does not start on this machine (its own message is above): it needs Linux on x86-64 with glibc 2.28 or later"
  if [ -d lib/vulkan ] && ! ldconfig -p 2>/dev/null | grep -q 'libvulkan\.so\.1'; then
    append_library_folder "$PWD/lib/vulkan"
  fi
}

# Files that fit where only small ones can be taken home.
shrink() {
  local file
  while read -r file; do
    gzip -9 "$file"
    if [ -n "$(find "$file.gz" -size +15M)" ]; then
      split -b 15M -d -a 3 "$file.gz" "$file.gz.part-"
      rm "$file.gz"
    fi
  done < <(find results -type f -size +15M)
}

measure() {
  tickets doctor
  shopt -s nullglob
  local models=(models/*.onnx)
  if [ ${#models[@]} -eq 0 ]; then
    echo "This bundle holds no models: nothing is measured. Run a command with: bash run.sh $folder -- COMMAND ..."
    return
  fi
  mkdir -p results
  # Bash before 4.4 takes an empty array for one that is not set.
  tickets bench "${models[@]}" --provider "$provider" --out results/bench.json --csv results \
    ${bench_options[@]+"${bench_options[@]}"}
  shrink
  echo "Results: $PWD/results"
}

unpack
[ "$unpack_only" = no ] || exit 0
cd "$folder"
provider=$(cat provider)
set_environment
if [ ${#command[@]} -gt 0 ]; then exec "${command[@]}"; fi
measure
