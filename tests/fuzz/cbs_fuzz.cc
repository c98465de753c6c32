// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as text into the cell broadcast coding, and as CB Data out of it. A text that is coded must be
// read back as it was, and what is counted must be what is sent.
#include <cstdlib>

#include "common/cbs/text.h"
#include "common/cbs/utf8.h"

namespace {

void text_in(std::string_view text, const cbs::TextOptions& options) {
    const auto measured = cbs::measure(text, options);
    const auto encoded = cbs::encode(text, options);
    if (!measured) {
        if (encoded) std::abort();
        return;
    }
    if (encoded && !measured->sendable()) std::abort();
    if (!encoded) return;
    if (encoded->pages.size() != measured->pages) std::abort();
    const auto decoded = cbs::decode(encoded->coding, encoded->pages);
    if (!decoded || decoded->text != text) std::abort();
}

void pages_in(base::ByteView octets) {
    if (octets.empty()) return;
    const auto pages = cbs::from_cb_data(octets.subspan(1));
    if (!pages) return;
    if (cbs::to_cb_data(*pages) != base::Bytes(octets.begin() + 1, octets.end())) std::abort();
    const auto decoded = cbs::decode(cbs::DataCoding{octets[0]}, *pages);
    if (decoded && !cbs::from_utf8(decoded->text)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const base::ByteView octets(data, size);
    text_in(base::as_text(octets), {});
    text_in(base::as_text(octets), {.language = "en", .prefix = cbs::LanguagePrefix::kOnEveryPage});
    text_in(cbs::tidy(base::as_text(octets)).text, {.language = "de"});
    pages_in(octets);
    return 0;
}
