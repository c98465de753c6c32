// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_framer.h"

#include "cbc/wire/cbsp_codec.h"

namespace cbc::cbsp {
namespace {

base::Result<std::optional<size_t>, wire::FrameError> measure(base::ByteView octets) {
    if (octets.size() < kHeaderOctets) return std::optional<size_t>{};
    base::Reader in(octets.subspan(1));
    const auto length = in.u24("Length");
    if (!length) return std::optional<size_t>{};
    return std::optional<size_t>{kHeaderOctets + *length};
}

}  // namespace

CbspFramer::CbspFramer(size_t limit) : wire::Framer(measure, limit) {}

}  // namespace cbc::cbsp
