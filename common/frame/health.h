// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What works and what doesn't, as named checks that their owners keep current.
//
// A check that is down makes the daemon unready (503 on /readyz); a degraded one only shows. Nothing is asked
// when somebody looks: looking is cheap and changes nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/time/clock.h"

namespace frame {

enum class Phase { kStarting, kServing, kDraining };
enum class Status { kOk, kDegraded, kDown };
std::string_view to_string(Status status);
std::string_view to_string(Phase phase);

struct Check {
    Status status;
    base::Instant since;
    std::string hint;  // what is wrong and what to do; empty when it is well
};

class Health {
 public:
    // clock outlives it.
    explicit Health(const base::Clock& clock) : clock_(clock) {}

    void set(const std::string& name, Status status, std::string hint = {});
    void forget(const std::string& name);
    void enter(Phase phase) { phase_ = phase; }

    Phase phase() const { return phase_; }
    Status overall() const;  // the worst of the checks; kDown unless serving
    bool ready() const { return overall() != Status::kDown; }
    const std::map<std::string, Check>& checks() const { return checks_; }
    std::string sentence() const;  // "ok", or the worst check's name and hint: for STATUS= of systemd

 private:
    const base::Clock& clock_;
    Phase phase_ = Phase::kStarting;
    std::map<std::string, Check> checks_;
};

}  // namespace frame
