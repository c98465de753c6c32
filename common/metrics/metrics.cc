// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <sstream>

namespace metrics {

void Counter::add(double by) const { series_->Increment(by); }
double Counter::value() const { return series_->Value(); }
void Gauge::set(double value) const { series_->Set(value); }
void Gauge::add(double by) const { series_->Increment(by); }
double Gauge::value() const { return series_->Value(); }
void Histogram::observe(double value) const { series_->Observe(value); }
void Histogram::observe(std::chrono::microseconds duration) const {
    series_->Observe(std::chrono::duration<double>(duration).count());
}

std::vector<double> request_buckets() { return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}; }
std::vector<double> commit_buckets() {
    return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
}

Registry::Registry()
    : registry_(std::make_unique<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge)) {}
Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
    return Counter(prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add(labels));
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    return Gauge(prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add(labels));
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const Labels& labels,
                              const std::vector<double>& buckets) {
    return Histogram(
        prometheus::BuildHistogram().Name(name).Help(help).Register(*registry_).Add(labels, buckets));
}

void Registry::remove(const std::string& name, const Counter& series) {
    prometheus::BuildCounter().Name(name).Register(*registry_).Remove(series.series_);
}

void Registry::remove(const std::string& name, const Gauge& series) {
    prometheus::BuildGauge().Name(name).Register(*registry_).Remove(series.series_);
}

void Registry::before_text(std::function<void()> update) { updates_.push_back(std::move(update)); }

std::string Registry::text() {
    for (const auto& update : updates_) update();
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, registry_->Collect());
    return out.str();
}

}  // namespace metrics
