// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as the JSON of a notification, of an answer, a refusal and of what an NRF says.
#include <cstdint>
#include <cstdlib>

#include "cbc/wire/n50_json.h"
#include "cbc/wire/nnrf_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto notification = cbc::n50::read_notification(body);
    if (!notification && notification.error().text.empty()) std::abort();
    if (notification && notification->subscription.empty()) std::abort();
    (void)cbc::n50::read_transfer_answer(body);
    (void)cbc::n50::read_subscribed(body);
    (void)cbc::n50::read_refusal(body);
    const auto found = cbc::nnrf::read_search_result(body);
    if (found) {
        for (const auto& amf : found->amfs)
            if (!amf.uri.starts_with("http")) std::abort();
    }
    (void)cbc::nnrf::read_token(body);
    return 0;
}
