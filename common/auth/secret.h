// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Octets that must not linger: wiped when they go, compared in constant time, never copied by accident.
#pragma once

#include <string_view>

#include "common/base/bytes.h"

namespace auth {

class Secret {
 public:
    Secret() = default;
    explicit Secret(base::Bytes octets) : octets_(std::move(octets)) {}
    static Secret random(size_t octets);
    Secret(Secret&&) = default;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    base::ByteView view() const { return octets_; }
    size_t size() const { return octets_.size(); }

 private:
    void wipe();
    base::Bytes octets_;
};

// Takes the same time wherever the two differ; the length is not hidden.
bool equal_constant_time(std::string_view left, std::string_view right);

}  // namespace auth
