// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as any information element of SBc-AP, NGAP and SABP; the first octet chooses which. What decodes
// must encode, and decode and encode to the same octets again.
#include <cstdlib>
#include <iterator>

#include "asn1/aper.h"
#include "tests/support/asn1_types.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    const auto& types = test::asn1_types();
    const auto& type = *std::next(types.begin(), static_cast<long>(data[0] % types.size()))->second;
    const base::ByteView octets(data + 1, size - 1);
    const auto value = asn1::decode(type, octets);
    if (!value) {
        if (value.error().offset > octets.size() || value.error().field.empty()) std::abort();
        return 0;
    }
    // An alternative of a later version, read over, is the one thing that cannot be written again.
    const auto first = asn1::encode(type, value->get());
    if (!first) return 0;
    const auto again = asn1::decode(type, *first);
    if (!again) std::abort();
    const auto second = asn1::encode(type, again->get());
    if (!second || *second != *first) std::abort();
    return 0;
}
