#!/usr/bin/env bash
# Loads chart rows of the MIMIC-IV demo, copied with other patients, and tells time, processor time and peak memory.
#
#   benches/load.sh DEMO [COPIES] [SHIFT]
#
# DEMO is the folder of the MIMIC-IV demo 2.2; 30 copies are 20 million rows. SHIFT is what each copy adds to the ids: 40000
# makes other patients of each, 0 makes few patients with very many rows. Needs Linux (/proc) and a built program.
set -euo pipefail

demo=$1 copies=${2:-30} shift=${3:-40000}
program=$(dirname "$0")/../target/release/bedside
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/source/hosp" "$work/source/icu"

# FILE IDS: writes COPIES copies of a file, adding to its first IDS columns.
copy() {
    {
        zcat "$demo/$1" | head -n 1
        for number in $(seq 0 $((copies - 1))); do
            zcat "$demo/$1" | tail -n +2 | awk -F, -v OFS=, -v ids="$2" -v add=$((number * shift)) \
                '{ for (i = 1; i <= ids; i++) $i += add; print }'
        done
    } | gzip -6 > "$work/source/$1"
}
if [ "$shift" = 0 ]; then cp "$demo/hosp/patients.csv.gz" "$work/source/hosp/"; else copy hosp/patients.csv.gz 1; fi
copy icu/chartevents.csv.gz 3
ls -l "$work/source/icu"

"$program" --home "$work/home" load "$work/source" --release mimiciv-local-00000001 > /dev/null 2> "$work/log" &
process=$!
peak=0
start=$(date +%s.%N)
while now=$(awk '/VmHWM/ { print $2 }' "/proc/$process/status" 2> /dev/null) && [ -n "$now" ]; do
    peak=$now
    sleep 0.1
done
wait "$process" || { cat "$work/log"; exit 1; }
grep 'rows from' "$work/log"
echo "seconds $(echo "$(date +%s.%N) - $start" | bc), peak resident memory $((peak / 1024)) MiB"
du -sh "$work/home"
