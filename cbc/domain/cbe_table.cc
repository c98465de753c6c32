// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cbe_table.h"

#include <algorithm>
#include <charconv>

namespace cbc {
namespace {

std::optional<uint32_t> number_of(std::string_view text, uint32_t most) {
    uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || number > most)
        return {};
    return number;
}

NumberRange etws_range(const Cbe& cbe) {
    if (cbe.etws_codes) return *cbe.etws_codes;
    // Above 255 nothing is left of the range: first > last contains no number.
    return {cbe.codes.first, std::min<uint32_t>(cbe.codes.last, cbs::kMaxEtwsMessageCode)};
}

}  // namespace

std::string NumberRange::text() const {
    return first == last ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(last);
}

base::Result<NumberRange> NumberRange::parse(std::string_view text, uint32_t most) {
    const size_t dash = text.find('-');
    const auto first = number_of(text.substr(0, dash), most);
    const auto last = dash == std::string_view::npos ? first : number_of(text.substr(dash + 1), most);
    if (!first || !last || *last < *first)
        return base::invalid("\"" + std::string(text) + "\" is not a range FIRST-LAST within 0-" +
                             std::to_string(most));
    return NumberRange{*first, *last};
}

uint16_t message_code(SerialNumber serial, MessageIdentifier identifier) {
    return cbs::is_etws(identifier) ? cbs::etws_parts_of(serial).message_code
                                    : cbs::parts_of(serial).message_code;
}

bool Cbe::may_use(MessageIdentifier identifier) const {
    return std::any_of(identifiers.begin(), identifiers.end(),
                       [&](const NumberRange& range) { return range.contains(identifier.value()); });
}

bool Cbe::owns_code(SerialNumber serial, MessageIdentifier identifier) const {
    const uint16_t code = message_code(serial, identifier);
    return cbs::is_etws(identifier) ? etws_range(*this).contains(code) : codes.contains(code);
}

std::string Cbe::codes_text(MessageIdentifier identifier) const {
    return cbs::is_etws(identifier) ? etws_range(*this).text() : codes.text();
}

base::Result<CbeTable> CbeTable::create(std::vector<Cbe> entries) {
    for (size_t i = 0; i < entries.size(); ++i) {
        for (size_t j = 0; j < i; ++j) {
            const Cbe& a = entries[j];
            const Cbe& b = entries[i];
            const std::string pair = "CBEs \"" + a.name.value() + "\" and \"" + b.name.value() + "\"";
            if (a.name == b.name) return base::invalid("CBE \"" + a.name.value() + "\" stands twice");
            if (a.certificate_uri == b.certificate_uri)
                return base::invalid(pair + " have the same certificate URI " + a.certificate_uri);
            if (a.codes.overlaps(b.codes))
                return base::invalid(pair + " share message codes: " + a.codes.text() + " and " +
                                     b.codes.text() + " overlap");
            const NumberRange etws_a = etws_range(a);
            const NumberRange etws_b = etws_range(b);
            const bool both = etws_a.first <= etws_a.last && etws_b.first <= etws_b.last;
            if (both && etws_a.overlaps(etws_b))
                return base::invalid(pair + " share ETWS message codes: " + etws_a.text() + " and " +
                                     etws_b.text() + " overlap");
        }
    }
    return CbeTable{std::move(entries)};
}

const Cbe* CbeTable::by_name(const CbeName& name) const {
    for (const Cbe& one : entries_)
        if (one.name == name) return &one;
    return nullptr;
}

const Cbe* CbeTable::by_certificate(std::string_view uri) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Cbe& cbe) { return cbe.certificate_uri == uri; });
    return found == entries_.end() ? nullptr : &*found;
}

}  // namespace cbc
