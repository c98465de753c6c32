// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/page.h"

#include <algorithm>
#include <cassert>

namespace cbs {

base::Bytes to_cb_data(std::span<const Page> pages) {
    assert(!pages.empty() && pages.size() <= kMaxPages);
    base::Writer out;
    out.u8(static_cast<uint8_t>(pages.size()));
    for (const Page& page : pages) out.raw(page.content).u8(page.used);
    return out.take();
}

base::Result<std::vector<Page>, base::DecodeError> from_cb_data(base::ByteView in) {
    using Kind = base::DecodeError::Kind;
    base::Reader reader(in);
    const auto count = reader.u8("Number-of-Pages");
    if (!count) return count.error();
    if (*count == 0 || *count > kMaxPages)
        return base::DecodeError{Kind::kInvalidValue, 0, "Number-of-Pages"};
    std::vector<Page> pages;
    for (unsigned i = 0; i < *count; ++i) {
        const auto content = reader.take(kPageOctets, "CBS-Message-Information-Page");
        if (!content) return content.error();
        const size_t at = reader.offset();
        const auto used = reader.u8("CBS-Message-Information-Length");
        if (!used) return used.error();
        if (*used > kPageOctets)
            return base::DecodeError{Kind::kInvalidValue, at, "CBS-Message-Information-Length"};
        Page page;
        std::copy(content->begin(), content->end(), page.content.begin());
        page.used = *used;
        pages.push_back(page);
    }
    if (!reader.at_end()) return base::DecodeError{Kind::kTrailing, reader.offset(), "CB-Data"};
    return pages;
}

}  // namespace cbs
