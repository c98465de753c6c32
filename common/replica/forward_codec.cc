// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "common/replica/forward.h"

namespace replica {
namespace {

constexpr size_t kTextMax = 2000;

base::Error malformed(std::string_view what) {
    return base::invalid(std::string(what) + ": not of this release");
}

// Both lists only grow, and a number never changes its meaning: nodes of two releases talk to each other.
constexpr store::Outcome kOutcomes[] = {store::Outcome::kOk, store::Outcome::kRefused,
                                        store::Outcome::kNotLeader, store::Outcome::kUnknown};
constexpr base::ErrorKind kErrorKinds[] = {
    base::ErrorKind::kInvalid, base::ErrorKind::kNotFound, base::ErrorKind::kConflict,
    base::ErrorKind::kRefused, base::ErrorKind::kLimit,    base::ErrorKind::kUnavailable,
    base::ErrorKind::kTimeout, base::ErrorKind::kIo,       base::ErrorKind::kCorrupt};

template <class List, class Value>
uint8_t place_in(const List& list, Value value) {
    return static_cast<uint8_t>(std::find(std::begin(list), std::end(list), value) - std::begin(list));
}

}  // namespace

base::Bytes encode_forward(const std::string& kind, base::ByteView payload) {
    return base::Writer().u8(static_cast<uint8_t>(kind.size())).raw(base::as_bytes(kind)).raw(payload).take();
}

base::Result<ForwardRequest> decode_forward(base::ByteView octets) {
    base::Reader in(octets);
    const auto size = in.u8("kind");
    if (!size) return malformed("forwarded write");
    const auto kind = in.take(*size, "kind");
    if (!kind) return malformed("forwarded write");
    const auto payload = in.take(in.remaining(), "payload");
    return ForwardRequest{std::string(base::as_text(*kind)), base::Bytes(payload->begin(), payload->end())};
}

base::Bytes encode_forwarded(const Forwarded& forwarded) {
    const std::string text = forwarded.error.text.substr(0, kTextMax);
    base::Writer out;
    out.u8(place_in(kOutcomes, forwarded.outcome)).u8(place_in(kErrorKinds, forwarded.error.kind));
    out.u16(static_cast<uint16_t>(text.size())).raw(base::as_bytes(text)).raw(forwarded.payload);
    return out.take();
}

base::Result<Forwarded> decode_forwarded(base::ByteView octets) {
    base::Reader in(octets);
    const auto outcome = in.u8("outcome");
    const auto kind = in.u8("kind");
    const auto size = in.u16("text");
    if (!outcome || !kind || !size || *outcome >= std::size(kOutcomes) || *kind >= std::size(kErrorKinds))
        return malformed("answer to a forwarded write");
    const auto text = in.take(*size, "text");
    if (!text) return malformed("answer to a forwarded write");
    const auto payload = in.take(in.remaining(), "payload");
    return Forwarded{kOutcomes[*outcome],
                     {kErrorKinds[*kind], std::string(base::as_text(*text))},
                     base::Bytes(payload->begin(), payload->end())};
}

}  // namespace replica
