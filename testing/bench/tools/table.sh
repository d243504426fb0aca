#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# table.sh FILE: makes a Markdown table of the lines "SCENE SERVER key=value ..." that measure-rdpmux.sh collects, a row for each
# scene and server. A figure is the median of the repeats; of the p50 there is also the lowest and the highest.
set -eu
awk '
function median(key, digits,    n, i, j, swap, sorted) {
  n = count[row]
  if (!n) return "-"
  for (i = 1; i <= n; i++) sorted[i] = value[row, i, key]
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) { swap = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = swap }
  low = sorted[1]
  high = sorted[n]
  return sprintf("%.*f", digits, n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2)
}
{
  row = $1 " | " $2
  if (!(row in count)) { rows[++rowCount] = row; count[row] = 0 }
  tried[row]++
  if (NF < 3) next
  i = ++count[row]
  for (f = 3; f <= NF; f++) {
    split($f, pair, "=")
    if (pair[1] == "rest_ms" && pair[2] == "never") continue
    value[row, i, pair[1]] = pair[2] + 0
    if (pair[1] == "rest_ms") { exact[row]++; rest[row] = pair[2] + 0 > rest[row] ? pair[2] + 0 : rest[row] }
    if (pair[1] == "differ" && pair[2] + 0 > differ[row]) differ[row] = pair[2] + 0
  }
}
END {
  print "| scene | server | painted | shown | fps | p50 ms | lowest-highest | p95 ms | max ms | CPU ms/frame | of it encoding | of it TLS | kB/frame | RSS MB | exact | after ms |"
  print "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
  for (r = 1; r <= rowCount; r++) {
    row = rows[r]
    p50 = median("p50", 2)
    spread = count[row] ? sprintf("%.2f-%.2f", low, high) : "-"
    printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", row, median("painted", 0), median("frames", 0),
      median("fps", 1), p50, spread, median("p95", 2), median("max", 1), median("cpu_ms", 1), median("encode_ms", 1), median("client_ms", 1), median("kB", 1), median("rss_MB", 0),
      (exact[row] + 0) " of " tried[row] (exact[row] == count[row] ? "" : " (" differ[row] " px differ)"),
      exact[row] ? sprintf("%.0f", rest[row]) : "-"
  }
}' "$1"
