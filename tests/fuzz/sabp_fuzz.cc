// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets into the SABP decoder and framer. What decodes must encode, and decode to the same value again;
// what does not must say where, and its Error-Indication must encode.
#include <cstdlib>

#include "cbc/wire/sabp_codec.h"
#include "cbc/wire/sabp_framer.h"

namespace {

void decode_one(base::ByteView octets) {
    using namespace cbc::sabp;
    const auto first = decode(octets);
    const auto& answer = first ? first->notify : first.error().answer;
    if (answer && !encode(Message{*answer})) std::abort();
    if (!first) {
        if (first.error().text().empty()) std::abort();
        return;
    }
    const auto encoded = encode(first->message);
    if (!encoded) std::abort();
    const auto again = decode(*encoded);
    if (!again || again->message != first->message) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const base::ByteView octets(data, size);
    decode_one(octets);
    cbc::sabp::SabpFramer framer;
    const size_t half = size / 2;
    for (const auto part : {octets.first(half), octets.subspan(half)}) {
        framer.feed(part);
        for (auto pdu = framer.next(); pdu && *pdu; pdu = framer.next()) decode_one(**pdu);
    }
    return 0;
}
