// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How fast a warning becomes octets and back: text coding, and CBSP with many cells.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cbc/wire/cbsp_codec.h"
#include "common/cbs/text.h"

namespace {

constexpr int kCells = 2000;

// Runs `body` for about 300 ms and prints how often it ran a second.
template <class Body>
void rate(const char* name, const char* unit, Body body) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto end = start + std::chrono::milliseconds{300};
    long long rounds = 0;
    while (Clock::now() < end)
        for (int i = 0; i < 16; ++i, ++rounds) body();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::printf("%s %.0f %s\n", name, static_cast<double>(rounds) / seconds, unit);
}

void must(bool holds) {
    if (!holds) std::abort();
}

cbc::cbsp::WriteReplace write_to_many(const cbs::EncodedText& text) {
    std::vector<cbc::cbsp::Cgi> cells;
    const auto plmn = cbc::PlmnId::parse("001-01");
    must(static_cast<bool>(plmn));
    for (int i = 0; i < kCells; ++i) cells.push_back({*plmn, cbc::Lac{1}, cbc::Ci{static_cast<uint16_t>(i)}});
    cbc::cbsp::BroadcastContent content{
        .repetition_period = cbc::cbsp::RepetitionPeriod{32}, .coding = text.coding, .pages = text.pages};
    return {cbs::kCmasPresidential, cbs::SerialNumber{0x4000}, std::nullopt, cells, content};
}

}  // namespace

int main() {
    const std::string text(1395, 'a');
    const auto encoded = cbs::encode(text, {});
    must(static_cast<bool>(encoded));
    const cbc::cbsp::Message write = write_to_many(*encoded);
    const auto octets = cbc::cbsp::encode(write);
    rate("cbs_measure_15_pages", "texts/s", [&] { must(static_cast<bool>(cbs::measure(text, {}))); });
    rate("cbs_encode_15_pages", "texts/s", [&] { must(static_cast<bool>(cbs::encode(text, {}))); });
    rate("cbsp_encode_2000_cells", "messages/s",
         [&] { must(cbc::cbsp::encode(write).size() == octets.size()); });
    rate("cbsp_decode_2000_cells", "messages/s", [&] { must(static_cast<bool>(cbc::cbsp::decode(octets))); });
    return 0;
}
