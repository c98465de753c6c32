// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/message_content.h"

namespace cbc {

bool is_primary_alone(const Message& message) {
    return cbs::is_etws(message.identifier) && message.text.empty() && !message.coded;
}

base::Result<std::optional<cbs::EncodedText>> pages_of(const Message& message) {
    if (message.coded) return message.coded;
    if (is_primary_alone(message)) return std::optional<cbs::EncodedText>{};
    auto text = cbs::encode(message.text, {.language = message.language});
    if (!text) return text.error();
    return std::optional{std::move(*text)};
}

cbs::WarningType etws_type_of(const Message& message, SerialNumber serial) {
    if (message.warning_type) return *message.warning_type;
    const auto parts = cbs::etws_parts_of(serial);
    return {.value = cbs::warning_value_of(message.identifier).value_or(cbs::kWarningOther),
            .emergency_user_alert = parts.emergency_user_alert,
            .popup = parts.popup};
}

}  // namespace cbc
