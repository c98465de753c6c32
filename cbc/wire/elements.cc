// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/elements.h"

#include <algorithm>
#include <set>

#include "asn1/bits.h"

namespace cbc::wire {
namespace {

using asn1::BitReader;
using asn1::BitWriter;
using base::DecodeError;

constexpr uint64_t kTriggers = 3;
constexpr uint64_t kCriticalities = 3;
constexpr uint64_t kIdentifiers = 65536;

void write_open_type(BitWriter& out, base::ByteView octets) {
    while (octets.size() >= asn1::kFragmentUnit) {
        const size_t count = std::min<size_t>(octets.size() / asn1::kFragmentUnit, 4) * asn1::kFragmentUnit;
        out.length(count);
        out.octets(octets.first(count));
        octets = octets.subspan(count);
    }
    out.length(octets.size());
    out.octets(octets);
}

void write_elements(BitWriter& out, const std::vector<Element>& elements) {
    for (const Element& element : elements) {
        out.whole_number(element.id, kIdentifiers);
        out.whole_number(static_cast<uint64_t>(element.criticality), kCriticalities);
        write_open_type(out, element.value);
    }
}

template <class T>
using Read = base::Result<T, DecodeError>;

DecodeError within(DecodeError error, std::string_view field) {
    error.field = error.field.empty() ? std::string(field) : std::string(field) + "." + error.field;
    return error;
}

Read<base::Bytes> read_open_type(BitReader& in) {
    base::Bytes octets;
    while (true) {
        const auto length = in.length();
        if (!length) return length.error();
        const auto piece = in.octets(length->count);
        if (!piece) return piece.error();
        octets.insert(octets.end(), piece->begin(), piece->end());
        if (!length->more) return octets;
    }
}

Read<std::vector<Element>> read_elements(BitReader& in, uint64_t lowest, std::string_view field) {
    const auto count = in.whole_number(kIdentifiers - lowest);
    if (!count) return within(count.error(), field);
    std::vector<Element> elements;
    for (uint64_t i = 0; i < *count + lowest; ++i) {
        const auto id = in.whole_number(kIdentifiers);
        if (!id) return within(id.error(), field);
        const auto criticality = in.whole_number(kCriticalities);
        if (!criticality) return within(criticality.error(), field);
        auto value = read_open_type(in);
        if (!value) return within(value.error(), field);
        elements.push_back(
            {static_cast<uint16_t>(*id), static_cast<Criticality>(*criticality), std::move(*value)});
    }
    return elements;
}

// What a later version of the standard added behind the extension marker, an open type for each bit.
Read<bool> skip_additions(BitReader& in) {
    const auto small = in.bits(1);
    if (!small) return small.error();
    if (*small != 0) return in.error(DecodeError::Kind::kTooLong);
    const auto last = in.bits(6);
    if (!last) return last.error();
    const auto which = in.bits(static_cast<int>(*last) + 1);
    if (!which) return which.error();
    for (uint64_t bits = *which; bits != 0; bits &= bits - 1)
        if (auto skipped = read_open_type(in); !skipped) return skipped.error();
    return true;
}

Read<bool> read_message(base::ByteView octets, Extensions extensions, Pdu& pdu) {
    BitReader in(octets);
    const auto has_additions = in.bits(1);
    if (!has_additions) return has_additions.error();
    bool has_extensions = false;
    if (extensions == Extensions::kOptional) {
        const auto bit = in.bits(1);
        if (!bit) return bit.error();
        has_extensions = *bit != 0;
    }
    auto elements = read_elements(in, 0, "protocolIEs");
    if (!elements) return elements.error();
    pdu.elements = std::move(*elements);
    if (has_extensions) {
        auto more = read_elements(in, 1, "protocolExtensions");
        if (!more) return more.error();
        pdu.extensions = std::move(*more);
    }
    if (*has_additions != 0)
        if (auto skipped = skip_additions(in); !skipped) return skipped.error();
    in.align();
    if (in.bits_left() != 0) return in.error(DecodeError::Kind::kTrailing);
    return true;
}

}  // namespace

base::Bytes encode(const Pdu& pdu, Extensions extensions) {
    BitWriter message;
    message.bits(0, 1);
    if (extensions == Extensions::kOptional) message.bits(pdu.extensions.empty() ? 0 : 1, 1);
    message.whole_number(pdu.elements.size(), kIdentifiers);
    write_elements(message, pdu.elements);
    if (!pdu.extensions.empty()) {
        message.whole_number(pdu.extensions.size() - 1, kIdentifiers - 1);
        write_elements(message, pdu.extensions);
    }
    BitWriter out;
    out.bits(0, 1);
    out.whole_number(static_cast<uint64_t>(pdu.trigger), kTriggers);
    out.whole_number(pdu.procedure, 256);
    out.whole_number(static_cast<uint64_t>(pdu.criticality), kCriticalities);
    write_open_type(out, message.take());
    return out.take();
}

base::Result<Pdu, DecodeError> read_header(BitReader& in) {
    const auto beyond = in.bits(1);
    if (!beyond) return within(beyond.error(), "PDU");
    if (*beyond != 0) return within(in.error(DecodeError::Kind::kUnknownElement), "PDU");
    Pdu pdu;
    const auto trigger = in.whole_number(kTriggers);
    if (!trigger) return within(trigger.error(), "PDU");
    const auto procedure = in.whole_number(256);
    if (!procedure) return within(procedure.error(), "procedureCode");
    const auto criticality = in.whole_number(kCriticalities);
    if (!criticality) return within(criticality.error(), "criticality");
    pdu.trigger = static_cast<Trigger>(*trigger);
    pdu.procedure = static_cast<uint8_t>(*procedure);
    pdu.criticality = static_cast<Criticality>(*criticality);
    return pdu;
}

base::Result<Pdu, DecodeError> decode(base::ByteView in, HasExtensions has_extensions) {
    BitReader bits(in);
    auto header = read_header(bits);
    if (!header) return header;
    Pdu pdu = std::move(*header);
    const auto value = read_open_type(bits);
    if (!value) return within(value.error(), "value");
    bits.align();
    if (bits.bits_left() != 0) return within(bits.error(DecodeError::Kind::kTrailing), "PDU");
    if (auto read = read_message(*value, has_extensions(pdu.procedure), pdu); !read)
        return within(read.error(), "value");
    return pdu;
}

Verdict judge(const Pdu& pdu, const MessageRule& rule) {
    Verdict verdict;
    const auto note = [&](Criticality criticality, uint16_t id, Diagnostic::Kind kind) {
        if (criticality == Criticality::kIgnore) return;
        if (criticality == Criticality::kReject) verdict.rejected = true;
        verdict.diagnostics.push_back({criticality, id, kind});
    };
    const auto look = [&](const std::vector<Element>& elements, Where where) {
        std::set<uint16_t> seen;
        for (const Element& element : elements) {
            const bool known = std::ranges::any_of(rule.elements, [&](const ElementRule& one) {
                return one.id == element.id && one.where == where;
            });
            if (!known || !seen.insert(element.id).second)
                note(element.criticality, element.id, Diagnostic::Kind::kNotUnderstood);
        }
        for (const ElementRule& one : rule.elements) {
            if (one.where == where && one.presence == Presence::kMandatory && !seen.contains(one.id))
                note(one.criticality, one.id, Diagnostic::Kind::kMissing);
        }
    };
    look(pdu.elements, Where::kElement);
    look(pdu.extensions, Where::kExtension);
    return verdict;
}

}  // namespace cbc::wire
