// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/n50_common.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace cbc::n50 {
namespace {

constexpr unsigned kTacDigits = 6;
// TS 29.571 §5.4.4.28, ngeNbId: what kind it is stands before the digits.
struct NgEnbKind {
    std::string_view prefix;
    uint8_t bits;
};
constexpr NgEnbKind kNgEnbKinds[] = {{"MacroNGeNB-", 20}, {"SMacroNGeNB-", 18}, {"LMacroNGeNB-", 21}};

constexpr unsigned digits_for(unsigned bits) { return (bits + 3) / 4; }

std::string hex(uint32_t value, unsigned digits) {
    char text[16];
    std::snprintf(text, sizeof text, "%0*x", static_cast<int>(digits), value);
    return text;
}

// Nothing but hexadecimal digits, and no more bits than said.
std::optional<uint32_t> read_hex(std::string_view text, unsigned bits) {
    uint64_t value = 0;
    if (text.empty() || text.size() > 8) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error != std::errc{} || end != text.data() + text.size() || value >> bits != 0) return std::nullopt;
    return static_cast<uint32_t>(value);
}

nlohmann::json to_json(const PlmnId& plmn) { return {{"mcc", plmn.mcc()}, {"mnc", plmn.mnc()}}; }

std::optional<PlmnId> read_plmn(json::Object& object) {
    json::Object inner = object.object("plmnId");
    const std::string mcc = inner.string("mcc", {.max = 3, .min = 3});
    const std::string mnc = inner.string("mnc", {.max = 3, .min = 2});
    auto plmn = PlmnId::parse(mcc, mnc);
    if (plmn) return *plmn;
    object.wrong("plmnId", plmn.error().text);
    return std::nullopt;
}

std::optional<RanNode> read_gnb(json::Object& object, const PlmnId& plmn) {
    json::Object id = object.object("gNbId");
    const auto bits = static_cast<uint8_t>(id.integer("bitLength", {.min = 22, .max = 32}));
    const std::string digits = id.string("gNBValue", {.max = 8, .min = 6});
    const auto value = read_hex(digits, bits);
    if (value) return GnbId{plmn, *value, bits};
    id.wrong("gNBValue", "must be hexadecimal digits for " + std::to_string(bits) + " bits");
    return std::nullopt;
}

std::optional<RanNode> read_ng_enb(json::Object& object, const PlmnId& plmn) {
    const std::string text = object.string("ngeNbId", {.max = 32});
    for (const auto& [prefix, bits] : kNgEnbKinds) {
        if (!text.starts_with(prefix)) continue;
        const std::string_view digits = std::string_view(text).substr(prefix.size());
        const auto value = read_hex(digits, bits);
        if (value && digits.size() == digits_for(bits)) return NgEnbId{plmn, *value, bits};
    }
    object.wrong("ngeNbId", "must be \"MacroNGeNB-\", \"SMacroNGeNB-\" or \"LMacroNGeNB-\" and digits");
    return std::nullopt;
}

std::optional<RanNode> read_node(json::Object& object) {
    const bool gnb = object.has("gNbId");
    if (!gnb && !object.has("ngeNbId")) return std::nullopt;
    const auto plmn = read_plmn(object);
    if (!plmn) return std::nullopt;
    return gnb ? read_gnb(object, *plmn) : read_ng_enb(object, *plmn);
}

}  // namespace

nlohmann::json to_json(const Tai5gs& tai) {
    return {{"plmnId", to_json(tai.plmn)}, {"tac", hex(tai.tac, kTacDigits)}};
}

nlohmann::json to_json(const RanNode& node) {
    if (const auto* gnb = std::get_if<GnbId>(&node)) {
        return {{"plmnId", to_json(gnb->plmn)},
                {"gNbId", {{"bitLength", gnb->bits}, {"gNBValue", hex(gnb->value, digits_for(gnb->bits))}}}};
    }
    const auto& enb = std::get<NgEnbId>(node);
    const auto* const kind = std::find_if(std::begin(kNgEnbKinds), std::end(kNgEnbKinds) - 1,
                                          [&](const NgEnbKind& one) { return one.bits == enb.bits; });
    return {{"plmnId", to_json(enb.plmn)},
            {"ngeNbId", std::string(kind->prefix) + hex(enb.value, digits_for(kind->bits))}};
}

std::vector<Tai5gs> read_tais(json::Object& object, std::string_view member) {
    std::vector<Tai5gs> tais;
    if (!object.has(member)) return tais;
    object.objects(member, {.max = kListMost}, [&](json::Object& item) {
        const auto plmn = read_plmn(item);
        const std::string digits = item.string("tac", {.max = 6, .min = 4});
        const auto tac = read_hex(digits, 24);
        if (!tac || digits.size() == 5) return item.wrong("tac", "must be 4 or 6 hexadecimal digits");
        if (plmn) tais.push_back({*plmn, *tac});
    });
    return tais;
}

std::vector<RanNode> read_nodes(json::Object& object, std::string_view member) {
    std::vector<RanNode> nodes;
    if (!object.has(member)) return nodes;
    object.objects(member, {.max = kListMost}, [&](json::Object& item) {
        if (const auto node = read_node(item)) nodes.push_back(*node);
    });
    return nodes;
}

}  // namespace cbc::n50
