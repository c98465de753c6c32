// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One hash over all rows of kvd: nodes that have applied the same have the same.
#pragma once

#include <string>

#include "common/store/store.h"

namespace kvd {

struct StateHash {
    std::string hash;  // 64 hexadecimal digits
    uint64_t rows = 0;
};
// Any thread; reads everything.
StateHash hash_of(const store::Reader& reader);

}  // namespace kvd
