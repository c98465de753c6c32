// SPDX-License-Identifier: AGPL-3.0-or-later
//
// To whom a leader hands over: the one decision behind a voter that leads, a planned stop and a switchover.
// Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/replica/replica.h"

namespace replica {

// The member (never a voter, never `self`) that votes, was heard within `patience`, and has most of the log;
// nullopt: there is none. Equal ones: the first by name, so that everybody would choose the same.
std::optional<uint64_t> successor(const std::vector<NodeStatus>& nodes, uint64_t self,
                                  std::chrono::milliseconds patience);
// As successor(), but it has all of the log: what a voter waits for before it hands over.
std::optional<uint64_t> ready_successor(const std::vector<NodeStatus>& nodes, uint64_t self,
                                        std::chrono::milliseconds patience);

}  // namespace replica
