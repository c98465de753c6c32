// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_elements.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cbc/wire/cbsp_codec.h"

namespace cbc::cbsp {

namespace {

using Kind = base::DecodeError::Kind;
template <class T>
using Decoded = base::Result<T, base::DecodeError>;

constexpr size_t kCounted = 0;  // the length stands in two octets before the value

struct Shape {
    size_t octets;
    std::string_view name;
    // Checks the value and keeps it; the reader holds exactly the value.
    Decoded<void> (*keep)(base::Reader value, Elements& into);
};

base::DecodeError bad_value(const base::Reader& at, std::string_view name) {
    return {Kind::kInvalidValue, at.offset(), std::string(name)};
}

// The reader was cut to the element's length, so these cannot run past the end.
uint8_t octet(base::Reader& value) { return value.u8("value").value_or(0); }
uint16_t two_octets(base::Reader& value) { return value.u16("value").value_or(0); }

template <class T>
void keep_first(std::optional<T>& slot, T value) {
    if (!slot) slot = std::move(value);
}

Decoded<void> keep_page(base::Reader value, Elements& into) {
    const base::Reader start = value;
    cbs::Page page;
    page.used = octet(value);
    if (page.used > cbs::kPageOctets) return bad_value(start, "Message-Content");
    if (into.pages.size() == cbs::kMaxPages)
        return base::DecodeError{Kind::kTooLong, start.offset(), "Message-Content"};
    const auto content = value.take(cbs::kPageOctets, "Message-Content");
    if (!content) return content.error();
    std::copy(content->begin(), content->end(), page.content.begin());
    into.pages.push_back(page);
    return {};
}

Decoded<void> keep_old_serial(base::Reader value, Elements& into) {
    keep_first(into.old_serial, cbs::SerialNumber{two_octets(value)});
    return {};
}

Decoded<void> keep_new_serial(base::Reader value, Elements& into) {
    keep_first(into.new_serial, cbs::SerialNumber{two_octets(value)});
    return {};
}

template <class T>
Decoded<void> keep_list(Decoded<T> list, std::optional<T>& slot) {
    if (!list) return list.error();
    keep_first(slot, std::move(*list));
    return {};
}

Decoded<void> keep_cells(base::Reader value, Elements& into) {
    return keep_list(read_cell_list(value), into.cells);
}

Decoded<void> keep_completed(base::Reader value, Elements& into) {
    return keep_list(read_completed_list(value), into.completed);
}

Decoded<void> keep_failures(base::Reader value, Elements& into) {
    return keep_list(read_failure_list(value), into.failures);
}

Decoded<void> keep_loads(base::Reader value, Elements& into) {
    return keep_list(read_load_list(value), into.loads);
}

Decoded<void> keep_category(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const uint8_t raw = octet(value);
    if (raw > static_cast<uint8_t>(Category::kNormal)) return bad_value(start, "Category");
    keep_first(into.category, static_cast<Category>(raw));
    return {};
}

Decoded<void> keep_repetition(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const uint16_t raw = two_octets(value);
    if (raw == 0 || raw > kMaxRepetitionPeriod) return bad_value(start, "Repetition-Period");
    keep_first(into.repetition_period, RepetitionPeriod{raw});
    return {};
}

Decoded<void> keep_requested(base::Reader value, Elements& into) {
    keep_first(into.broadcasts_requested, two_octets(value));
    return {};
}

Decoded<void> keep_cause(base::Reader value, Elements& into) {
    keep_first(into.cause, static_cast<Cause>(octet(value)));
    return {};
}

Decoded<void> keep_coding(base::Reader value, Elements& into) {
    keep_first(into.coding, cbs::DataCoding{octet(value)});
    return {};
}

Decoded<void> keep_recovery(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const unsigned raw = octet(value) & 0x0fU;
    if (raw > 1) return bad_value(start, "Recovery-Indication");
    keep_first(into.recovery, static_cast<RecoveryIndication>(raw));
    return {};
}

Decoded<void> keep_identifier(base::Reader value, Elements& into) {
    keep_first(into.message_identifier, cbs::MessageIdentifier{two_octets(value)});
    return {};
}

Decoded<void> keep_emergency(base::Reader value, Elements& into) {
    keep_first(into.emergency_indicator, octet(value));
    return {};
}

Decoded<void> keep_warning_type(base::Reader value, Elements& into) {
    keep_first(into.warning_type, cbs::warning_type_of(two_octets(value)));
    return {};
}

Decoded<void> keep_security(base::Reader value, Elements& into) {
    WarningSecurity security{};
    const auto octets = value.take(security.size(), "Warning-Security-Information");
    if (!octets) return octets.error();
    std::copy(octets->begin(), octets->end(), security.begin());
    keep_first(into.security, security);
    return {};
}

Decoded<void> keep_channel(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const uint8_t raw = octet(value);
    if (raw > 1) return bad_value(start, "Channel-Indicator");
    keep_first(into.channel, static_cast<ChannelIndicator>(raw));
    return {};
}

Decoded<void> keep_page_count(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const uint8_t raw = octet(value);
    if (raw == 0 || raw > cbs::kMaxPages) return bad_value(start, "Number-of-Pages");
    keep_first(into.number_of_pages, raw);
    return {};
}

Decoded<void> keep_schedule(base::Reader value, Elements& into) {
    keep_first(into.schedule_period, octet(value));
    return {};
}

Decoded<void> keep_reserved(base::Reader value, Elements& into) {
    keep_first(into.reserved_slots, octet(value));
    return {};
}

Decoded<void> keep_type(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const unsigned raw = octet(value) & 0x0fU;
    if (raw > 1) return bad_value(start, "Broadcast-Message-Type");
    keep_first(into.type, static_cast<BroadcastMessageType>(raw));
    return {};
}

Decoded<void> keep_warning_period(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const auto period = Period::from_code(octet(value));
    if (!period) return bad_value(start, "Warning-Period");
    keep_first(into.warning_period, *period);
    return {};
}

Decoded<void> keep_keep_alive(base::Reader value, Elements& into) {
    const base::Reader start = value;
    const auto period = Period::from_code(octet(value));
    if (!period || period->code() == 0 || period->length() > kMaxKeepAlivePeriod)
        return bad_value(start, "Keep-Alive-Repetition-Period");
    keep_first(into.keep_alive_period, *period);
    return {};
}

// By tag, from 0x01.
constexpr std::array kShapes{
    Shape{1 + cbs::kPageOctets, "Message-Content", keep_page},
    Shape{2, "Old-Serial-Number", keep_old_serial},
    Shape{2, "New-Serial-Number", keep_new_serial},
    Shape{kCounted, "Cell-List", keep_cells},
    Shape{1, "Category", keep_category},
    Shape{2, "Repetition-Period", keep_repetition},
    Shape{2, "Number-of-Broadcasts-Requested", keep_requested},
    Shape{kCounted, "Number-of-Broadcasts-Completed-List", keep_completed},
    Shape{kCounted, "Failure-List", keep_failures},
    Shape{kCounted, "Radio-Resource-Loading-List", keep_loads},
    Shape{1, "Cause", keep_cause},
    Shape{1, "Data-Coding-Scheme", keep_coding},
    Shape{1, "Recovery-Indication", keep_recovery},
    Shape{2, "Message-Identifier", keep_identifier},
    Shape{1, "Emergency-Indicator", keep_emergency},
    Shape{2, "Warning-Type", keep_warning_type},
    Shape{50, "Warning-Security-Information", keep_security},
    Shape{1, "Channel-Indicator", keep_channel},
    Shape{1, "Number-of-Pages", keep_page_count},
    Shape{1, "Schedule-Period", keep_schedule},
    Shape{1, "Number-of-Reserved-Slots", keep_reserved},
    Shape{1, "Broadcast-Message-Type", keep_type},
    Shape{1, "Warning-Period", keep_warning_period},
    Shape{1, "Keep-Alive-Repetition-Period", keep_keep_alive},
};
static_assert(kShapes.size() == static_cast<size_t>(Element::kKeepAliveRepetitionPeriod));

}  // namespace

std::string_view name_of(Element element) { return kShapes[static_cast<size_t>(element) - 1U].name; }

Decoded<void> read_elements(base::ByteView body, Elements& elements) {
    base::Reader in(body, kHeaderOctets);
    while (!in.at_end()) {
        const size_t tag_at = in.offset();
        const auto tag = in.u8("element");
        if (!tag) return tag.error();
        if (*tag == 0 || *tag > kShapes.size()) {
            elements.unknown_tag = *tag;
            elements.unknown_at = tag_at;
            break;
        }
        const Shape& shape = kShapes[*tag - 1U];
        size_t octets = shape.octets;
        if (octets == kCounted) {
            const auto length = in.u16(shape.name);
            if (!length) return length.error();
            octets = *length;
        }
        const size_t value_at = in.offset();
        const auto value = in.take(octets, shape.name);
        if (!value) return value.error();
        const auto kept = shape.keep(base::Reader(*value, value_at), elements);
        if (!kept) return kept.error();
    }
    return {};
}

}  // namespace cbc::cbsp
