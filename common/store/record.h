// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Values of rows: one octet with the version of the record's form, then JSON.
//
//     std::string bytes = encode_record(kAlertVersion, {{"text", alert.text}});
//     Result<Alert> alert = decode_record<Alert>(bytes, kAlertVersion, [](RecordVersion, const Json& json) {
//         return Alert{json.at("text").get<std::string>()};      // or a Result<Alert>
//     });
//
// JSON, because an operator can read it (`farolctl`), and a member that is added needs no new version as long
// as readers have a default for it. A member whose meaning changes needs one, and the store's schema level
// goes up with it. A version above what the reader knows is kCorrupt, and so is a member that is missing or
// of another type: at() and get() may throw inside the function that is given to decode_record, and nowhere
// else.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"

namespace store {

using Json = nlohmann::json;
using RecordVersion = uint8_t;  // from 1

std::string encode_record(RecordVersion version, const Json& json);

// Calls `take` with the version and the JSON; kCorrupt when `bytes` is not a record of a known version, or
// when `take` throws because the JSON has another form.
base::Result<void> open_record(std::string_view bytes, RecordVersion newest,
                               const std::function<base::Result<void>(RecordVersion, const Json&)>& take);

template <class T, class Take>
base::Result<T> decode_record(std::string_view bytes, RecordVersion newest, Take take) {
    std::optional<base::Result<T>> value;
    const auto opened =
        open_record(bytes, newest, [&](RecordVersion version, const Json& json) -> base::Result<void> {
            value.emplace(take(version, json));
            return {};
        });
    if (!opened) return opened.error();
    return *std::move(value);
}

}  // namespace store
