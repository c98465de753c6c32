// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An alert as the API shows it (schemas AlertSummary and Alert of openapi.yaml), to the one who asks.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbe/api/context.h"
#include "cbe/domain/alert.h"
#include "cbe/domain/person.h"

namespace cbe {

nlohmann::json summary_of(const Alert& alert, const store::Reader& reader, const Context& context);
nlohmann::json view_of(const Alert& alert, const Person& viewer, const store::Reader& reader,
                       const Context& context);
nlohmann::json json_of(const Network& network);
nlohmann::json json_of(const std::string& text, const std::string& language);  // schema TextMeasure

// A user of the store or a machine of the configuration; someone who is gone keeps his id.
nlohmann::json json_of_user(const UserId& id, const store::Reader& reader, const Context& context);

}  // namespace cbe
