// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sabp_framer.h"

#include "asn1/bits.h"
#include "cbc/wire/elements.h"

namespace cbc::sabp {
namespace {

using Measured = base::Result<std::optional<size_t>, wire::FrameError>;

Measured more_needed_or_lost(const base::DecodeError& error) {
    if (error.kind == base::DecodeError::Kind::kTruncated) return std::optional<size_t>{};
    return wire::FrameError{"octets that begin no PDU: " + error.text()};
}

Measured measure(base::ByteView octets) {
    asn1::BitReader in(octets);
    if (const auto header = wire::read_header(in); !header) return more_needed_or_lost(header.error());
    while (true) {
        const auto length = in.length();
        if (!length) return more_needed_or_lost(length.error());
        const size_t end = in.bits_read() / 8 + length->count;
        if (!length->more || octets.size() < end) return std::optional<size_t>{end};
        if (const auto fragment = in.octets(length->count); !fragment)
            return more_needed_or_lost(fragment.error());
    }
}

}  // namespace

SabpFramer::SabpFramer(size_t limit) : wire::Framer(measure, limit) {}

}  // namespace cbc::sabp
