// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/state_hash.h"

#include "common/json/jcs.h"
#include "common/store/key.h"
#include "tests/cluster/kvd/records.h"

namespace kvd {

// Each row is hashed with the hash before it: the memory needed does not grow with the state.
StateHash hash_of(const store::Reader& reader) {
    StateHash state;
    for (const std::string_view table : tables::kAll)
        reader.scan(table, {}, {}, [&](std::string_view key, std::string_view value) {
            state.hash =
                json::sha256_hex(store::Key().text(state.hash).text(table).text(key).text(value).octets());
            ++state.rows;
            return true;
        });
    return state;
}

}  // namespace kvd
