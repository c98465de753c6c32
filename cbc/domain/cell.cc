// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace cbc {

namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
        parts.push_back(text.substr(0, at));
        text.remove_prefix(at + 1);
    }
    parts.push_back(text);
    return parts;
}

std::optional<uint16_t> number(std::string_view text) {
    uint16_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

base::Result<PlmnId> PlmnId::parse(std::string_view mcc, std::string_view mnc) {
    if (mcc.size() != 3 || !all_digits(mcc))
        return base::invalid("MCC \"" + std::string(mcc) + "\": three digits are expected, such as 001");
    if (mnc.size() < 2 || mnc.size() > 3 || !all_digits(mnc))
        return base::invalid("MNC \"" + std::string(mnc) +
                             "\": two or three digits are expected, such as 01");
    PlmnId plmn;
    plmn.digits_.fill('0');
    std::copy(mcc.begin(), mcc.end(), plmn.digits_.begin());
    std::copy(mnc.begin(), mnc.end(), plmn.digits_.begin() + 3);
    plmn.mnc_digits_ = static_cast<uint8_t>(mnc.size());
    return plmn;
}

base::Result<PlmnId> PlmnId::parse(std::string_view text) {
    const auto parts = split(text, '-');
    if (parts.size() != 2)
        return base::invalid("PLMN \"" + std::string(text) + "\": MCC-MNC is expected, such as 001-01");
    return parse(parts[0], parts[1]);
}

std::string_view to_string(Technology technology) {
    switch (technology) {
        case Technology::kGsm:
            return "gsm";
    }
    return "";
}

std::optional<Technology> technology_of(std::string_view word) {
    if (word == "gsm") return Technology::kGsm;
    return std::nullopt;
}

std::string CellIdentity::text() const {
    return std::string(to_string(technology)) + ":" + plmn.text() + ":" + std::to_string(lac.value()) + ":" +
           std::to_string(ci.value());
}

base::Result<CellIdentity> CellIdentity::parse(std::string_view text) {
    const auto wrong = [&](const std::string& why) {
        return base::invalid("cell \"" + std::string(text) + "\": " + why);
    };
    const auto parts = split(text, ':');
    if (parts.size() != 4) return wrong("TECHNOLOGY:MCC-MNC:LAC:CI is expected, such as gsm:001-01:1:6969");
    const auto technology = technology_of(parts[0]);
    if (!technology) return wrong("technology \"" + std::string(parts[0]) + "\" is not known; use gsm");
    const auto plmn = PlmnId::parse(parts[1]);
    if (!plmn) return wrong(plmn.error().text);
    const auto lac = number(parts[2]);
    const auto ci = number(parts[3]);
    if (!lac || !ci) return wrong("LAC and CI are numbers from 0 to 65535");
    return CellIdentity{*technology, *plmn, Lac{*lac}, Ci{*ci}};
}

}  // namespace cbc
