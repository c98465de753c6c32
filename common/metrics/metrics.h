// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Metrics: counters, gauges and histograms with labels, written in the Prometheus text format 0.0.4.
//
// Names begin with farol_, base units, counters end in _total. Asking for a series makes it, at 0, so ask for
// every label combination at the start; a label never carries an identifier of a person, phone or alert. The
// names are listed in doc/metrics.md. Series are cheap values that stay valid as long as their Registry.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/time/clock.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace metrics {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
    void add(double by = 1) const;
    double value() const;

 private:
    friend class Registry;
    explicit Counter(prometheus::Counter& series) : series_(&series) {}
    prometheus::Counter* series_;
};

class Gauge {
 public:
    void set(double value) const;
    void add(double by) const;
    double value() const;

 private:
    friend class Registry;
    explicit Gauge(prometheus::Gauge& series) : series_(&series) {}
    prometheus::Gauge* series_;
};

class Histogram {
 public:
    void observe(double value) const;
    void observe(std::chrono::microseconds duration) const;  // in seconds

 private:
    friend class Registry;
    explicit Histogram(prometheus::Histogram& series) : series_(&series) {}
    prometheus::Histogram* series_;
};

std::vector<double> request_buckets();  // seconds: 5 ms to 10 s
std::vector<double> commit_buckets();   // seconds: 0.1 ms to 2.5 s

// One per daemon. Series may be changed from any thread.
class Registry {
 public:
    Registry();
    ~Registry();

    Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
    Histogram histogram(const std::string& name, const std::string& help, const Labels& labels,
                        const std::vector<double>& buckets);

    // Of something that is there no more. The series must not be used after that; asking for it makes a new
    // one.
    void remove(const std::string& name, const Counter& series);
    void remove(const std::string& name, const Gauge& series);

    // Called on the loop's thread before each text(): for gauges that are computed when they are asked for.
    void before_text(std::function<void()> update);
    std::string text();

 private:
    std::unique_ptr<prometheus::Registry> registry_;
    std::vector<std::function<void()>> updates_;
};

// process_* of Prometheus's own conventions, brought up to date at each text().
void add_process_metrics(Registry& registry);

}  // namespace metrics
