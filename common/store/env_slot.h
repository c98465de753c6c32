// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The environment that counts now. The store thread may put another in its place; who holds the old one (a
// Reader on the loop, a copy under way) keeps it until it lets go.
#pragma once

#include <memory>
#include <utility>

#include "common/base/guarded.h"
#include "common/store/lmdb_env.h"

namespace store {

class EnvSlot {
 public:
    explicit EnvSlot(std::shared_ptr<LmdbEnv> env) : env_(std::move(env)) {}
    // Any thread.
    std::shared_ptr<LmdbEnv> get() const {
        return env_.with([](auto& env) { return env; });
    }
    void set(std::shared_ptr<LmdbEnv> env) {
        env_.with([&](auto& old) { old.swap(env); });  // the old one goes outside of the lock
    }

 private:
    mutable base::Guarded<std::shared_ptr<LmdbEnv>> env_;
};

}  // namespace store
