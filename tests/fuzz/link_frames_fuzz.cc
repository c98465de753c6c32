// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets into the frames between nodes. What decodes must encode, and decode to the same value again; and
// a reader gives the same frames however its input is cut.
#include <cstdlib>

#include "common/replica/frames.h"

namespace {

void decode_one(base::ByteView octets) {
    const auto first = replica::decode(octets);
    if (!first) {
        if (first.error().text().empty()) std::abort();
        return;
    }
    const base::Bytes encoded = replica::encode(*first);
    const auto again = replica::decode(base::ByteView(encoded).subspan(4));
    if (!again || !(*again == *first)) std::abort();
}

struct Read {
    std::vector<replica::Frame> frames;
    bool failed = false;
};

Read read_in_steps(base::ByteView octets, size_t step) {
    replica::FrameReader reader(replica::kIntroductionOctetsMax);
    Read out;
    for (size_t at = 0; at < octets.size() && !out.failed; at += step) {
        reader.feed(octets.subspan(at, std::min(step, octets.size() - at)));
        auto next = reader.next();
        for (; next && *next; next = reader.next()) out.frames.push_back(**next);
        out.failed = !next;
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const base::ByteView octets(data, size);
    decode_one(octets);
    const Read whole = read_in_steps(octets, size + 1);
    const Read cut = read_in_steps(octets, 7);
    if (whole.failed != cut.failed || !(whole.frames == cut.frames)) std::abort();
    return 0;
}
