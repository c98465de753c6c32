// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PDUs as a capture file that Wireshark opens: pcapng with one interface of link type "upper PDU", where each
// packet says which dissector reads it. So a PDU is shown whatever carried it, and no address is made up.
// draft-ietf-opsawg-pcapng; Wireshark's epan/exported_pdu.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/time/clock.h"

namespace cbc::pcapng {

enum class Direction { kReceived, kSent };

// How Wireshark finds what reads a PDU: a dissector that is registered by name ("ngap"), or an entry of one
// of its tables ("tcp.port", 48049), because some are in no other list.
struct Dissector {
    std::string_view name;
    std::optional<uint32_t> entry{};
};

// The head of a file: its section and the one interface, named for people.
std::string file_head(std::string_view interface_name);
std::string packet(base::Instant at, Direction direction, const Dissector& dissector, base::ByteView pdu);

}  // namespace cbc::pcapng
