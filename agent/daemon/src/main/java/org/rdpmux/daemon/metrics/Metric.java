// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** One metric of one scrape, as its samples are added. Belongs to one thread. */
sealed interface Metric {

    MetricSnapshot snapshot();

    /** What only grows, but for restarts. */
    record Counter(CounterSnapshot.Builder builder) implements Metric {

        /** @param name without the ending {@code _total} */
        static Counter of(String name, String help) {
            return new Counter(CounterSnapshot.builder().name(name).help(help));
        }

        Counter add(Labels labels, double value) {
            builder.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value)
                    .build());
            return this;
        }

        @Override
        public MetricSnapshot snapshot() {
            return builder.build();
        }
    }

    /** What goes up and down. */
    record Gauge(GaugeSnapshot.Builder builder) implements Metric {

        static Gauge of(String name, String help) {
            return new Gauge(GaugeSnapshot.builder().name(name).help(help));
        }

        Gauge add(Labels labels, double value) {
            builder.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
            return this;
        }

        @Override
        public MetricSnapshot snapshot() {
            return builder.build();
        }
    }

    /** How often what happened was how large. */
    record Histogram(HistogramSnapshot.Builder builder) implements Metric {

        static Histogram of(String name, String help) {
            return new Histogram(HistogramSnapshot.builder().name(name).help(help));
        }

        void add(Labels labels, double[] bounds, long[] counts, double sum) {
            builder.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(labels)
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                    .sum(sum)
                    .build());
        }

        @Override
        public MetricSnapshot snapshot() {
            return builder.build();
        }
    }
}
