// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets into the NGAP decoder. What decodes must encode, and decode to the same value again.
#include <cstdlib>

#include "cbc/wire/ngap_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cbc::ngap;
    const auto first = decode({data, size});
    if (!first) {
        if (first.error().text().empty()) std::abort();
        return 0;
    }
    const auto octets = encode(*first);
    if (!octets) std::abort();
    const auto again = decode(*octets);
    if (!again || *again != *first) std::abort();
    return 0;
}
