// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets into the SBc-AP decoder. What decodes must encode, and decode to the same value again; what does
// not must say where, and its Error-Indication must encode.
#include <cstdlib>

#include "cbc/wire/sbcap_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cbc::sbcap;
    const auto first = decode({data, size});
    const auto& answer = first ? first->notify : first.error().answer;
    if (answer && !encode(Message{*answer})) std::abort();
    if (!first) {
        if (first.error().text().empty()) std::abort();
        return 0;
    }
    const auto octets = encode(first->message);
    if (!octets) std::abort();
    const auto again = decode(*octets);
    if (!again || again->message != first->message) std::abort();
    return 0;
}
