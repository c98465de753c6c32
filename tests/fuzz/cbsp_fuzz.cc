// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets into the CBSP decoder and framer. What decodes must encode, and decode to the same value again.
#include <cstdlib>

#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_framer.h"

namespace {

void decode_one(base::ByteView octets) {
    const auto first = cbc::cbsp::decode(octets);
    if (!first) {
        if (first.error().text().empty() || first.error().error.offset > octets.size()) std::abort();
        return;
    }
    const auto again = cbc::cbsp::decode(cbc::cbsp::encode(first->message));
    if (!again || again->message != first->message) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const base::ByteView octets(data, size);
    decode_one(octets);
    cbc::cbsp::CbspFramer framer;
    const size_t half = size / 2;
    for (const auto part : {octets.first(half), octets.subspan(half)}) {
        framer.feed(part);
        for (auto message = framer.next(); message && *message; message = framer.next())
            decode_one(**message);
    }
    return 0;
}
