#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the fuzz targets as OSS-Fuzz wants them: compiler, flags and engine come from the environment ($CXX, $CXXFLAGS,
# $LIB_FUZZING_ENGINE); for each target a program, its dictionary and an archive of its corpus go to $OUT. Needs meson, ninja, python3.
# By hand: CXX=clang++ CXXFLAGS='-O1 -g -fsanitize=address,fuzzer-no-link' LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/tmp/out fuzz/oss-fuzz/build.sh
set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
: "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
work=${WORK:-$OUT/work}/parley
rm -rf "$work"
mkdir -p "$OUT" "$work"

# CXX and CXXFLAGS reach meson by the environment. The peer of the differential target is no part of parley, so it stays away.
meson setup "$work" "$root" -Dfuzzing=true "-Dfuzzing_engine=$LIB_FUZZING_ENGINE" -Dfuzzing_peer=disabled \
  -Dtransport=false -Dtests=false -Dprogram=false -Ddefault_library=static -Db_lundef=false
ninja -C "$work"

for program in "$work"/fuzz/fuzz-*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  name=$(basename "$program")
  cp "$program" "$OUT/$name"
  cp "$root/fuzz/sip.dict" "$OUT/$name.dict"
  rm -f "$OUT/${name}_seed_corpus.zip"
  (cd "$root/fuzz/corpus/${name#fuzz-}" && python3 -m zipfile -c "$OUT/${name}_seed_corpus.zip" ./*)
done
