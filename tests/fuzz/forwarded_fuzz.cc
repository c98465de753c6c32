// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as a request or an answer that another node passes on. What decodes must encode, and decode to
// the same again.
#include <cstdlib>

#include "common/frame/forwarded.h"

namespace {

void decode_one_request(base::ByteView octets) {
    const auto first = frame::decode_request(octets);
    if (!first) return;
    // Encoding leaves out what belongs to one connection: from then on nothing may change any more.
    const base::Bytes encoded = frame::encode(*first);
    const auto again = frame::decode_request(encoded);
    if (!again || frame::encode(*again) != encoded) std::abort();
}

void decode_one_response(base::ByteView octets) {
    const auto first = frame::decode_response(octets);
    if (!first) return;
    const base::Bytes encoded = frame::encode(*first);
    if (encoded.size() != octets.size() || !std::equal(encoded.begin(), encoded.end(), octets.begin()))
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    decode_one_request({data, size});
    decode_one_response({data, size});
    return 0;
}
