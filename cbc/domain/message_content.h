// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a message carries on the air: its pages, and the warning type of ETWS. The same for every protocol.
//
// An ETWS message has a primary notification (a type, shown at once) and may have a secondary one (a text)
// under the same identifier and serial number. TS 23.041 §9.1.3, §9.3.24.
#pragma once

#include <optional>

#include "cbc/domain/alert.h"

namespace cbc {

// An ETWS message without text.
bool is_primary_alone(const Message& message);

// None: a primary notification alone. Fails for a text that cannot be coded, which admission refuses.
base::Result<std::optional<cbs::EncodedText>> pages_of(const Message& message);

// REQUIRES an ETWS identifier. Those that name no type are "other".
cbs::WarningType etws_type_of(const Message& message, SerialNumber serial);

}  // namespace cbc
