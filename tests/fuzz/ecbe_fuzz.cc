// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as a message of osmo-cbc's clients. What is taken has to be something that can be broadcast.
#include <cstdint>
#include <cstdlib>

#include "cbc/api/ecbe_body.h"
#include "cbc/domain/message_content.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto message = cbc::read_ecbe_message(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!message) {
        if (message.error().text.empty()) std::abort();
        return 0;
    }
    const cbc::Content content = cbc::content_of(*message, base::Instant{});
    if (content.schedule.end <= content.schedule.start) std::abort();
    const auto pages = cbc::pages_of(content.messages.front());
    if (!pages) std::abort();
    if (!*pages) return 0;
    if ((*pages)->pages.empty() || (*pages)->pages.size() > cbs::kMaxPages) std::abort();
    (void)cbs::to_cb_data((*pages)->pages);
    return 0;
}
